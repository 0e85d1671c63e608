import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../src/sandbox/servers/free-port.js';
import { postgresFolder, type PostgresServer, startPostgres } from '../../src/sandbox/servers/postgres.js';
import { type RedisServer, startRedis } from '../../src/sandbox/servers/redis.js';
import { DataFolder } from '../../src/sandbox/start/data-folder.js';
import { type Sandbox, setUp } from '../../src/sandbox/start/set-up.js';
import { Terminal } from '../../src/sandbox/start/terminal.js';
import { Program } from './program.js';

export interface FleetOptions {
  /** Folder of the compiled programs: main.js, cli.js, sandbox/… */
  code: string;
  /** Where Redis is unpacked when the system has none. */
  redisFolder: string;
  /** Tasks in the simulated org. */
  tasks: number;
  workers: number;
  /** Variables of the product besides its servers. */
  env?: Readonly<Record<string, string>>;
  say?: (line: string) => void;
}

const DATABASE = 'command_center';
const ORG_DATABASE = 'salesforce_org';
// What is committed must outlive the server's process; the machine itself does not go down here.
const KEPT = { synchronous_commit: 'on' };

/**
 * A whole installation on loopback, each part a process of its own: Postgres, Redis, the simulated org (with a Postgres
 * of its own), an api and some workers. The team is made and connected over HTTP, as anybody would.
 */
export class Fleet {
  private readonly workers: Program[] = [];
  private connected: Sandbox | undefined;

  private constructor(
    private readonly options: FleetOptions,
    private readonly folder: string,
    private postgres: PostgresServer,
    private readonly orgPostgres: PostgresServer,
    private redis: RedisServer,
    readonly org: Program,
    readonly api: Program,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(options: FleetOptions): Promise<Fleet> {
    const say = options.say ?? (() => undefined);
    const folder = mkdtempSync(join(tmpdir(), 'command-center-fleet-'));
    // As root, Postgres runs as nobody, who must get through this folder to its own.
    chmodSync(folder, 0o711);
    const [postgres, orgPostgres, redis] = await Promise.all([
      startPostgres({ dataDir: join(folder, 'pg'), settings: KEPT }),
      startPostgres({ dataDir: join(folder, 'org-pg') }),
      startRedis({ installDir: options.redisFolder, say }),
    ]);
    await Promise.all([postgres.createDatabase(DATABASE), orgPostgres.createDatabase(ORG_DATABASE)]);
    const org = Program.start(
      join(options.code, 'sandbox', 'salesforce-org', 'main.js'),
      ['--json', '--tasks', String(options.tasks), '--database-url', orgPostgres.url(ORG_DATABASE)],
      {},
    );
    const data = new DataFolder(join(folder, 'data'));
    const facts = JSON.parse(await org.told('{"url"')) as { url: string; clientId: string; clientSecret: string };
    const port = await freePort();
    const apiUrl = `http://127.0.0.1:${port}`;
    const env = {
      NODE_ENV: 'development',
      DATABASE_URL: postgres.url(DATABASE),
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: data.secrets().encryptionKeys,
      HOST: '127.0.0.1',
      PUBLIC_URL: apiUrl,
      SALESFORCE_CLIENT_ID: facts.clientId,
      SALESFORCE_CLIENT_SECRET: facts.clientSecret,
      SALESFORCE_LOGIN_HOSTS: facts.url,
      // One user's key carries the whole load here.
      RATE_LIMIT_PER_MINUTE: '0',
      ...options.env,
    };
    const api = Program.start(join(options.code, 'main.js'), [], { ...env, ROLE: 'api', PORT: String(port) });
    const fleet = new Fleet(options, folder, postgres, orgPostgres, redis, org, api, env);
    try {
      await api.told('is ready at');
      for (let i = 0; i < options.workers; i++) await fleet.addWorker();
      await fleet.connect(data, apiUrl, facts.url);
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  /** The team, its keys, the org. */
  get sandbox(): Sandbox {
    if (!this.connected) throw new Error('The fleet is not connected yet.');
    return this.connected;
  }

  get databaseUrl(): string {
    return this.postgres.url(DATABASE);
  }

  get orgDatabaseUrl(): string {
    return this.orgPostgres.url(ORG_DATABASE);
  }

  get liveWorkers(): readonly Program[] {
    return this.workers;
  }

  /** Starts one more worker; it works as soon as it is ready, for which nobody waits. */
  async addWorker(): Promise<Program> {
    const env = { ...this.env, ROLE: 'worker', PORT: String(await freePort()) };
    const worker = Program.start(join(this.options.code, 'main.js'), [], env);
    this.workers.push(worker);
    return worker;
  }

  async killWorker(worker: Program): Promise<void> {
    this.workers.splice(this.workers.indexOf(worker), 1);
    await worker.kill();
  }

  /** Immediate shutdown: all sessions are cut, nothing is written out; the next start recovers from the log. */
  async crashPostgres(): Promise<void> {
    const dataDir = join(this.folder, 'pg');
    const pid = Number(readFileSync(join(postgresFolder(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);
    const { port } = this.postgres;
    process.kill(pid, 'SIGQUIT');
    await this.postgres.ended;
    this.postgres = await startPostgres({ dataDir, port, settings: KEPT });
  }

  async restartRedis(): Promise<void> {
    const { port } = this.redis;
    await this.redis.stop();
    this.redis = await startRedis({ installDir: this.options.redisFolder, port });
  }

  get redisUrl(): string {
    return this.redis.url;
  }

  async stop(): Promise<void> {
    await Promise.all(
      [this.api, this.org, ...this.workers].filter(({ isOver }) => !isOver).map((program) => program.kill()),
    );
    await Promise.all([this.postgres.stop(), this.orgPostgres.stop(), this.redis.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async connect(data: DataFolder, apiUrl: string, orgUrl: string): Promise<void> {
    const run = promisify(execFile);
    const cli = async (args: string[]): Promise<string> => {
      const env = { PATH: process.env.PATH, ...this.env };
      return (await run(process.execPath, [join(this.options.code, 'cli.js'), ...args], { env })).stdout;
    };
    const { databaseUrl, orgDatabaseUrl } = this;
    const silent = new Terminal({ write: () => undefined }, false);
    this.connected = await setUp({ apiUrl, orgUrl, mailboxUrl: '', databaseUrl, orgDatabaseUrl, cli }, data, silent);
  }
}
