// The process that holds the suite's Postgres and Redis. It ends when its stdin closes, however Jest ends.
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../src/sandbox/servers/postgres.js';
import { startRedis } from '../../src/sandbox/servers/redis.js';

const folder = mkdtempSync(join(fastestFolder(), 'command-center-test-'));
// As root, Postgres runs as nobody, who must get through this folder to its own.
chmodSync(folder, 0o711);
const postgres = await startPostgres({
  dataDir: join(folder, 'pg'),
  settings: { shared_preload_libraries: 'pg_stat_statements' },
});
const redis = await startRedis({
  installDir: process.argv[2] ?? join(import.meta.dirname, '..', '..', '.sandbox', 'redis'),
  say: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify({ postgresUrl: postgres.url('postgres'), redisUrl: redis.url })}\n`);

process.stdin.resume();
process.stdin.once('end', () => {
  void Promise.all([postgres.stop(), redis.stop()]).then(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

function fastestFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 1 << 30) return '/dev/shm';
  } catch {
    // No such folder on this system.
  }
  return tmpdir();
}
