// Starts the suite's own Postgres and Redis, in a process that ends when this one does.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export default async function globalSetup() {
  const child = spawn(
    process.execPath,
    ['--import', '@swc-node/register/esm-register', `${import.meta.dirname}/servers.ts`],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The test servers did not start (exit ${code}).`)));
  });
  const { postgresUrl, redisUrl } = JSON.parse(line);
  process.env.TEST_POSTGRES_URL = postgresUrl;
  process.env.TEST_REDIS_URL = redisUrl;
  process.env.TEST_RUN = String(process.pid);
  globalThis.testServers = child;
}
