import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/platform/database/data-source-options.js';
import { type PostgresServer, startPostgres } from '../../../src/sandbox/servers/postgres.js';
import { type RedisServer, startRedis } from '../../../src/sandbox/servers/redis.js';
import type { StandInOptions } from '../stand-in/server.js';
import { StandIn } from '../stand-in/stand-in.js';
import { type Finished, runChild } from './child.js';

export interface Database {
  name: string;
  url: string;
}

const TEMPLATE = 'migrated';

/** The servers of one benchmark: a Postgres, a Redis and stand-ins for Salesforce, all on loopback and thrown away. */
export class Stage {
  private readonly standIns: StandIn[] = [];
  private closing: Promise<void> | undefined;
  private made = 0;

  private constructor(
    private readonly folder: string,
    private readonly postgres: PostgresServer,
    private readonly redis: RedisServer,
    private readonly profile: string | undefined,
    readonly say: (line: string) => void,
  ) {}

  static async open(options: {
    durable: boolean;
    profile: string | undefined;
    say: (line: string) => void;
  }): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'command-center-bench-'));
    // As root, Postgres runs as nobody, who must get through this folder to its own.
    chmodSync(folder, 0o711);
    const postgres = await startPostgres({
      dataDir: join(folder, 'pg'),
      durable: options.durable,
      settings: { shared_preload_libraries: 'pg_stat_statements' },
    });
    const redis = await startRedis({ installDir: join(process.cwd(), '.sandbox', 'redis'), say: options.say });
    const stage = new Stage(folder, postgres, redis, options.profile, options.say);
    await stage.makeTemplate();
    return stage;
  }

  get redisUrl(): string {
    return this.redis.url;
  }

  /** A migrated database, or a copy of another. */
  async database(template: Pick<Database, 'name'> = { name: TEMPLATE }): Promise<Database> {
    const name = `bench_${(this.made += 1)}`;
    await this.asAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template.name}`));
    return { name, url: this.postgres.url(name) };
  }

  async drop({ name }: Database): Promise<void> {
    await this.asAdmin((admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`));
  }

  /** Nothing that was written before is left to be written during what is measured next. */
  async settle(): Promise<void> {
    await this.asAdmin((admin) => admin.query('CHECKPOINT'));
  }

  async salesforce(options: StandInOptions): Promise<StandIn> {
    const standIn = await StandIn.start(options);
    this.standIns.push(standIn);
    return standIn;
  }

  /** Runs the floor's or the product's script; with --profile FOLDER its CPU profile is left there. */
  run<Output>(script: string, input: object): Promise<Finished<Output>> {
    const profiling = this.profile ? ['--cpu-prof', `--cpu-prof-dir=${this.profile}`] : [];
    return runChild<Output>(script, input, profiling);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    await Promise.all(this.standIns.map((standIn) => standIn.stop()));
    await Promise.all([this.postgres.stop(), this.redis.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async makeTemplate(): Promise<void> {
    await this.postgres.createDatabase(TEMPLATE);
    const dataSource = await new DataSource(dataSourceOptions(this.postgres.url(TEMPLATE), 2)).initialize();
    await dataSource.runMigrations();
    await dataSource.query('CREATE EXTENSION pg_stat_statements');
    await dataSource.destroy();
  }

  private async asAdmin(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
    const admin = new pg.Client({ connectionString: this.postgres.url('postgres') });
    await admin.connect();
    try {
      await work(admin);
    } finally {
      await admin.end();
    }
  }
}
