import { Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { Config, type Role } from '../../../src/config/config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { Clock } from '../../../src/platform/clock/clock.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { MetricsModule } from '../../../src/platform/metrics/metrics.module.js';
import type { LaneLease } from '../../../src/platform/pipelines/lane-lease.js';
import { LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import type { PipelineDefinition, PipelineHandler, SliceResult } from '../../../src/platform/pipelines/pipeline.js';
import { Pipelines } from '../../../src/platform/pipelines/pipelines.js';
import { PipelinesModule } from '../../../src/platform/pipelines/pipelines.module.js';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { Sweeper } from '../../../src/platform/pipelines/sweeper.js';
import { WakeUps } from '../../../src/platform/pipelines/wake-ups.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

export const DEMO: PipelineDefinition = { name: 'demo', concurrency: 4, leaseMs: 60_000, drainMs: 60_000 };

// A Redis database of this folder's own, so that it may be emptied.
export const REDIS_URL = `${String(process.env.TEST_REDIS_URL)}/${5 + Number(process.env.JEST_WORKER_ID ?? 1)}`;

export class TestClock extends Clock {
  // Far from the machine's time, so that a mix-up of the two clocks shows.
  private time = Date.UTC(2031, 0, 1);

  now(): Date {
    return new Date(this.time);
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

/** Counts to three for each item: claimed, worked, marked done under the lease. */
@Injectable()
export class Demo implements PipelineHandler, OnModuleInit {
  readonly order: string[] = [];
  /** Replaces what a slice does. */
  behave: ((lease: LaneLease) => Promise<SliceResult>) | undefined;
  batch = 50;

  constructor(
    private readonly transactions: Transactions,
    private readonly pipelines: Pipelines,
    private readonly wakeUps: WakeUps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pipelines.register('demo', this);
  }

  /** Adds an item and wakes its lane, as a request would. */
  async change(lane: string, options: { poison?: true } = {}): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx.query('INSERT INTO demo_items (lane, poison) VALUES ($1, $2)', [lane, options.poison ?? false]);
      this.wakeUps.wakeAfterCommit(tx, 'demo', lane);
    });
  }

  async dueLanes(now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ lane: string }>(
      `SELECT lane FROM demo_items WHERE done = 0 AND NOT parked AND (not_before IS NULL OR not_before <= $1)
       GROUP BY lane ORDER BY min(id) LIMIT $2`,
      [now, limit],
    );
    return rows.map((row) => row.lane);
  }

  slice(lease: LaneLease): Promise<SliceResult> {
    this.order.push(lease.lane);
    return this.behave ? this.behave(lease) : this.work(lease);
  }

  async work(lease: LaneLease): Promise<SliceResult> {
    return this.transactions.run(async (tx) => {
      await lease.check(tx);
      const due = await tx.query<{ id: string; poison: boolean }>(
        `SELECT id, poison FROM demo_items
         WHERE lane = $1 AND done = 0 AND NOT parked AND (not_before IS NULL OR not_before <= $2)
         ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED`,
        [lease.lane, this.clock.now(), this.batch],
      );
      if (due.length === 0) return { kind: 'idle' };
      // Put off twice, then parked: what a feature does with a row that fails.
      await tx.query(
        `UPDATE demo_items SET done = done + (NOT poison)::int, attempts = attempts + 1,
           parked = poison AND attempts >= 2,
           not_before = CASE WHEN poison THEN $2::timestamptz + interval '1 minute' END
         WHERE id = ANY($1)`,
        [due.map((row) => row.id), this.clock.now()],
      );
      return { kind: 'worked' };
    });
  }
}

export interface Worker {
  module: TestingModule;
  demo: Demo;
  runner: LaneRunner;
  wakeUps: WakeUps;
  sweeper: Sweeper;
  quiescence: Quiescence;
  transactions: Transactions;
  close(): Promise<void>;
}

/** One file's database and the processes that it starts on it. */
export class World {
  readonly clock = new TestClock();
  private readonly workers: Worker[] = [];
  prefix = '';

  private constructor(readonly database: TestDatabase) {}

  static async create(): Promise<World> {
    const world = new World(await createTestDatabase());
    await world.sql(
      `CREATE TABLE demo_items (
         id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, lane text NOT NULL, done int NOT NULL DEFAULT 0,
         poison boolean NOT NULL DEFAULT false, parked boolean NOT NULL DEFAULT false,
         attempts int NOT NULL DEFAULT 0, not_before timestamptz)`,
    );
    await world.sql('CREATE INDEX ON demo_items (lane, id) WHERE done = 0');
    return world;
  }

  async sql<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query<Row[]>(sql, parameters);
  }

  async open(): Promise<number> {
    const [row] = await this.sql<{ open: number }>('SELECT count(*)::int AS open FROM demo_items WHERE done = 0');
    return row?.open ?? 0;
  }

  async lane(
    lane: string,
  ): Promise<{ leaseUntil: Date | null; failures: number; retryAt: Date | null; error: string }> {
    const [row] = await this.sql<{ leaseUntil: Date | null; failures: number; retryAt: Date | null; error: string }>(
      `SELECT lease_until AS "leaseUntil", failures, retry_at AS "retryAt", last_error AS error
       FROM lanes WHERE pipeline = 'demo' AND lane = $1`,
      [lane],
    );
    if (!row) throw new Error(`No lane ${lane}.`);
    return row;
  }

  /** One process of the product; role api when only its parts are called. */
  async start(options: { role: Role; definition?: Partial<PipelineDefinition>; redisUrl?: string }): Promise<Worker> {
    const config = Config.fromEnvironment({
      NODE_ENV: 'test',
      DATABASE_URL: this.database.url,
      REDIS_URL: options.redisUrl ?? REDIS_URL,
      REDIS_PREFIX: this.prefix,
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      ROLE: options.role,
      // Tests sweep themselves, so that a lost wake-up is not healed unseen.
      SWEEP_SECONDS: '3600',
    });
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.with(config),
        DatabaseModule,
        MetricsModule,
        clockModule(this.clock),
        PipelinesModule.forRoot([{ ...DEMO, ...options.definition }]),
      ],
      providers: [Demo],
    })
      .setLogger({ log() {}, warn() {}, error() {}, debug() {} })
      .compile();
    await module.init().catch(async (error: unknown) => {
      await module.close();
      throw error;
    });
    // The sweep of the start ends before the test begins.
    await module.get(Sweeper).stop();
    const worker: Worker = {
      module,
      demo: module.get(Demo),
      runner: module.get(LaneRunner),
      wakeUps: module.get(WakeUps),
      sweeper: module.get(Sweeper),
      quiescence: module.get(Quiescence),
      transactions: module.get(Transactions),
      close: async () => {
        this.workers.splice(this.workers.indexOf(worker), 1);
        await module.close();
      },
    };
    this.workers.push(worker);
    return worker;
  }

  /** Before each test: nothing in the tables, keys of its own in Redis. */
  async reset(): Promise<void> {
    this.prefix = `demo-${randomBytes(4).toString('hex')}`;
    await this.sql('TRUNCATE demo_items, lanes');
  }

  /** After each test. */
  async stopWorkers(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close()));
  }

  async drop(): Promise<void> {
    await this.stopWorkers();
    await this.database.drop();
  }
}

export function clockModule(clock: Clock) {
  @Global()
  @Module({ providers: [{ provide: Clock, useValue: clock }], exports: [Clock] })
  class ClockModule {}
  return ClockModule;
}

/** A door that a slice waits at: the test sees it arrive and lets it pass. */
export class Gate {
  arrived = 0;
  private openDoor: () => void = () => undefined;
  private readonly door = new Promise<void>((resolve) => (this.openDoor = resolve));

  async pass(): Promise<void> {
    this.arrived++;
    await this.door;
  }

  open(): void {
    this.openDoor();
  }
}
