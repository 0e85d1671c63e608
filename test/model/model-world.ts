import { Injectable } from '@nestjs/common';
import type { Queue } from 'bull';
import { v7 as uuidv7 } from 'uuid';
import { PipelineQueues, type WakeUpJob } from '../../src/platform/pipelines/pipeline-queues.js';
import { LaneRunner } from '../../src/platform/pipelines/lane-runner.js';
import { Quiescence } from '../../src/platform/pipelines/quiescence.js';
import { Sweeper } from '../../src/platform/pipelines/sweeper.js';
import { WakeUps } from '../../src/platform/pipelines/wake-ups.js';
import { SecretBox } from '../../src/platform/secrets/secret-box.js';
import { Transactions } from '../../src/platform/database/transactions.js';
import { SalesforceClients } from '../../src/salesforce/client/salesforce-clients.js';
import { SALESFORCE_ORG } from '../../src/salesforce/org-loop/org-loop.js';
import { FirstSync } from '../../src/salesforce/task-sync/first-sync.js';
import { Pull } from '../../src/salesforce/task-sync/pull.js';
import { PushReader } from '../../src/salesforce/task-sync/push-reader.js';
import { REP_IDS } from '../../src/sandbox/salesforce-org/seed/people.js';
import { seedOrg } from '../../src/sandbox/salesforce-org/seed/seed.js';
import { type SalesforceOrg, startSalesforceOrg } from '../../src/sandbox/salesforce-org/server.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam } from '../support/app.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import { FakeClock } from '../support/fake-clock.js';
import { ObservedClients, ObservedReader, ObservedTransactions } from './observed.js';
import { type Safeguard, without } from './safeguards.js';
import { onLine, type WorkerLine } from './worker-line.js';

const EMPTIED = [
  'sync_runs',
  'sync_problems',
  'sync_alarms',
  'sync_attempts',
  'task_sync_enrolments',
  'task_sync_settings',
  'lanes',
  'people',
];
/** A history's work takes a second. */
const QUIET_WITHIN_MS = 15_000;
const START = '2026-03-04T10:00:00Z';

// Pages of a few rows, so that a handful of tasks makes several.
const ROWS = 5;

@Injectable()
class ShortPull extends Pull {
  protected override readonly pageRows = ROWS;
}

@Injectable()
class ShortFirstSync extends FirstSync {
  protected override readonly pageRows = ROWS;
}

export interface ModelRep {
  userId: string;
  salesforceId: string;
}

/**
 * One team, its org and two workers, made once and emptied before each history. Real Postgres, Redis and HTTP; only
 * the clock stands until a history moves it, and a worker runs when a history lets it.
 */
export class ModelWorld {
  readonly lane: string = uuidv7();
  reps: ModelRep[] = [];
  /** Contacts and accounts of the org, by which WhoId and WhatId are chosen. */
  contacts: string[] = [];
  accounts: string[] = [];

  private constructor(
    readonly clock: FakeClock,
    private readonly database: TestDatabase,
    private readonly orgDatabase: { url: string; drop(): Promise<void> },
    readonly org: SalesforceOrg,
    /** The first also serves the API. */
    private readonly workers: readonly [TestApp, TestApp],
    readonly team: TestTeam,
    readonly integrationUserId: string,
  ) {}

  /** `lacking`: the safeguard that this product is without. */
  static async create(lacking?: Safeguard): Promise<ModelWorld> {
    const clock = new FakeClock(START);
    const database = await createTestDatabase();
    const orgDatabase = await createEmptyDatabase();
    const org = await startSalesforceOrg({ databaseUrl: orgDatabase.url, now: () => clock.now() });
    await seedOrg(org.pool, { tasks: 0, people: 12, now: clock.now() });
    // A deadlock is found at once, not after a second.
    await database.dataSource.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', current_database()); END $$`,
    );
    const classes = [
      [Transactions, ObservedTransactions],
      [SalesforceClients, ObservedClients],
      [PushReader, ObservedReader],
      [Pull, ShortPull],
      [FirstSync, ShortFirstSync],
      ...(lacking ? [without(lacking)] : []),
    ] as const;
    const env = {
      SALESFORCE_LOGIN_HOSTS: org.url,
      SALESFORCE_CLIENT_ID: org.clientId,
      SALESFORCE_CLIENT_SECRET: org.clientSecret,
      REDIS_PREFIX: `model-${uuidv7()}`,
      // A history asks for its comparison itself.
      SALESFORCE_RECONCILE_DAYS: '0',
    };
    const open = () => createTestApp({ database, clock, env, classes });
    const workers = [await open(), await open()] as const;
    const team = await makeTeam(workers[0], { reps: 3 });
    const { rows } = await org.pool.query<{ id: string }>(`SELECT id FROM sf_user WHERE name LIKE '%Integration%'`);
    const world = new ModelWorld(clock, database, orgDatabase, org, workers, team, rows[0]?.id ?? '');
    await world.prepare();
    return world;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.close();
    await this.org.close();
    await this.database.drop();
    await this.orgDatabase.drop();
  }

  /** Rows of the product's database. */
  here<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  /** Rows of the org's. */
  async there<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.org.pool.query<Row>(sql, parameters)).rows;
  }

  /** As a rep of ours, or the admin. */
  async call<T>(method: string, path: string, body?: unknown, rep?: number): Promise<{ status: number; body: T }> {
    const key = rep === undefined ? this.team.admin.key : (this.team.reps[rep]?.key ?? '');
    const headers = { ...bearer(key), 'Content-Type': 'application/json', 'If-Match': '*' };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  async control<T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const response = await fetch(`${this.org.url}/sandbox/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  /** Lanes that Redis wakes now. */
  async wokenLanes(): Promise<number> {
    await Promise.all(this.workers.map(({ app }) => app.get(WakeUps).sent()));
    const now = this.clock.now().getTime() / 1000;
    let woken = 0;
    for (const job of await this.queue().getJobs(['waiting', 'delayed'])) {
      // Timed wake-ups count real seconds in Redis; the second that was meant is part of the id.
      const second = /:at:(\d+)$/.exec(String(job.id))?.[1];
      if (second && Number(second) > now) continue;
      await job.remove();
      woken += 1;
    }
    return woken;
  }

  async sweep(worker: 0 | 1): Promise<void> {
    await this.workers[worker].app.get(Sweeper).sweepOnce();
  }

  async run(worker: 0 | 1, line: WorkerLine): Promise<void> {
    await onLine(line, () => this.workers[worker].app.get(LaneRunner).runLane(SALESFORCE_ORG, this.lane)).catch(
      (error: unknown) => {
        if (!line.dead) throw error;
      },
    );
  }

  /** Deadlocks that anybody met in this world, since it was made. */
  get deadlocks(): number {
    return this.workers.reduce((sum, { app }) => sum + app.get<ObservedTransactions>(Transactions).deadlocks, 0);
  }

  /** As if so much time had passed that a worker that stands still has lost the org. */
  async expireLease(): Promise<void> {
    await this.here(`UPDATE lanes SET lease_until = clock_timestamp() WHERE lease_until IS NOT NULL`);
  }

  async emptyRedis(): Promise<void> {
    await Promise.all(this.workers.map(({ app }) => app.get(WakeUps).sent()));
    const { client } = this.queue();
    const keys = await client.keys(`${this.workers[0].config.get('REDIS_PREFIX')}*`);
    if (keys.length > 0) await client.del(...keys);
  }

  /** Throws when work keeps coming. */
  async quiesce(): Promise<void> {
    await this.workers[0].app.get(Quiescence).drainAllDue(QUIET_WITHIN_MS);
  }

  async isConnected(): Promise<boolean> {
    const [row] = await this.here<{ status: string }>('SELECT status FROM salesforce_connections');
    return row?.status === 'connected';
  }

  /** As the admin's log-in does it. */
  async signIn(): Promise<void> {
    const { body } = await this.control<{ accessToken: string; refreshToken: string }>('POST', 'grants', {
      userId: this.integrationUserId,
    });
    const box = this.workers[0].app.get(SecretBox);
    const seal = (token: string) => box.seal(token, `salesforce_connections:${this.lane}`);
    await this.here(
      `UPDATE salesforce_connections SET access_token = $2, refresh_token = $3, status = 'connected',
         status_reason = NULL, token_generation = token_generation + 1 WHERE id = $1`,
      [this.lane, seal(body.accessToken), seal(body.refreshToken)],
    );
  }

  /** Nothing of an earlier history is left. */
  async empty(): Promise<void> {
    this.clock.set(START);
    await this.control('POST', 'clock', { offsetMs: 0 });
    // All histories begin on the same day: their calls add up, and none of them is about the budget.
    await this.control('POST', 'limits', { daily: 1_000_000_000 });
    await this.control('DELETE', 'faults');
    await this.emptyRedis();
    await this.here(`DELETE FROM tasks`);
    for (const table of EMPTIED) await this.here(`DELETE FROM ${table}`);
    await this.here(
      `UPDATE salesforce_org_states SET pull_cursor = NULL, pull_position = NULL, pulls_done = 0, next_pull_at = NULL,
         last_pull_at = NULL, clock_skew_ms = 0, batch_size = 200, quiet_until = NULL, next_reconcile_at = NULL,
         api_holds = DEFAULT`,
    );
    await this.there(`DELETE FROM sf_task`);
    await this.there(`UPDATE sf_session SET expired = false`);
    await this.signIn();
  }

  private get url(): string {
    const address = this.workers[0].app.getHttpServer().address() as { port: number };
    return `http://127.0.0.1:${address.port}`;
  }

  private queue(): Queue<WakeUpJob> {
    const queue = this.workers[0].app.get(PipelineQueues).producer(SALESFORCE_ORG);
    if (!queue) throw new Error('Redis is not there.');
    return queue;
  }

  private async prepare(): Promise<void> {
    const { body } = await this.control<{ orgId: string }>('GET', 'state');
    await this.here(
      `INSERT INTO salesforce_connections (team_id, id, org_id, login_url, instance_url, integration_user_id,
         integration_username) VALUES ($1, $2, $3, $4, $4, $5, 'integration')`,
      [this.team.teamId, this.lane, body.orgId, this.org.url, this.integrationUserId],
    );
    await this.here('INSERT INTO salesforce_org_states (team_id, connection_id) VALUES ($1, $2)', [
      this.team.teamId,
      this.lane,
    ]);
    this.reps = this.team.reps.map(({ userId }, n) => ({ userId, salesforceId: REP_IDS[n] ?? '' }));
    for (const rep of this.reps) {
      await this.here(
        `INSERT INTO salesforce_user_matches (team_id, user_id, salesforce_user_id, salesforce_username, matched_by)
         VALUES ($1, $2, $3, 'x', 'admin')`,
        [this.team.teamId, rep.userId, rep.salesforceId],
      );
    }
    this.contacts = (await this.there<{ id: string }>('SELECT id FROM sf_contact ORDER BY id LIMIT 6')).map(
      ({ id }) => id,
    );
    this.accounts = (await this.there<{ id: string }>('SELECT id FROM sf_account ORDER BY id LIMIT 6')).map(
      ({ id }) => id,
    );
  }
}
