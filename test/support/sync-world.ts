import { v7 as uuidv7 } from 'uuid';
import { SecretBox } from '../../src/platform/secrets/secret-box.js';
import { Quiescence, type RestingLane } from '../../src/platform/pipelines/quiescence.js';
import { type SalesforceOrg, startSalesforceOrg } from '../../src/sandbox/salesforce-org/server.js';
import { seedOrg } from '../../src/sandbox/salesforce-org/seed/seed.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam, type TestUser } from './app.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from './database.js';
import { FakeClock } from './fake-clock.js';

export interface Rep extends TestUser {
  salesforceId: string;
}

export interface ThereTask {
  Id: string;
  Subject: string | null;
  Status: string;
  Priority: string;
  ActivityDate: string | null;
  Description: string | null;
  ReminderDateTime: string | null;
  IsReminderSet: boolean;
  OwnerId: string;
  WhoId: string | null;
  WhatId: string | null;
  IsDeleted: boolean;
  IsClosed: boolean;
  LastModifiedById: string;
  Command_Center_Key__c: string | null;
}

export interface HereTask {
  id: string;
  name: string;
  status: string;
  priority: string;
  type: string;
  due_date: string | null;
  details: string | null;
  reminder_at: string | null;
  assignee: { id: string; name: string };
  person: { id: string; name: string; email: string | null } | null;
  who_id: string | null;
  what_id: string | null;
  what_name: string | null;
  version: number;
  salesforce: { id: string | null; state: string; status: string | null; priority: string | null } | null;
}

/** A team connected to a simulated org, both of their own; the clock of both stands until a test moves it. */
export class SyncWorld {
  private constructor(
    readonly clock: FakeClock,
    readonly database: TestDatabase,
    readonly orgDatabase: { url: string; drop(): Promise<void> },
    readonly org: SalesforceOrg,
    readonly test: TestApp,
    readonly team: TestTeam,
    readonly reps: Rep[],
    readonly connectionId: string,
    readonly integrationUserId: string,
    private readonly ownsApp = true,
  ) {}

  /** `tasks`: how many the org is seeded with. `at`: where the clock stands. */
  static async create(
    options: { reps?: number; tasks?: number; at?: string; clock?: FakeClock; env?: Record<string, string> } = {},
  ): Promise<SyncWorld> {
    const clock = options.clock ?? new FakeClock(options.at ?? '2026-03-04T10:00:00Z');
    const database = await createTestDatabase();
    const orgDatabase = await createEmptyDatabase();
    const org = await startSalesforceOrg({ databaseUrl: orgDatabase.url, now: () => clock.now() });
    await seedOrg(org.pool, { tasks: options.tasks ?? 0, people: 40, now: clock.now() });
    // Whole comparisons happen where a test asks for them, not when its clock passes a night.
    const env = { SALESFORCE_LOGIN_HOSTS: org.url, SALESFORCE_RECONCILE_DAYS: '0', ...options.env };
    const test = await createTestApp({ database, clock, env });
    return SyncWorld.connected({ clock, database, orgDatabase, org, test }, options.reps ?? 2);
  }

  /** Another team of the same installation, with an org of its own. Close it first. */
  async secondTeam(options: { reps?: number; tasks?: number } = {}): Promise<SyncWorld> {
    const { clock, database, test } = this;
    const orgDatabase = await createEmptyDatabase();
    const org = await startSalesforceOrg({ databaseUrl: orgDatabase.url, now: () => clock.now() });
    await seedOrg(org.pool, { tasks: options.tasks ?? 0, people: 40, now: clock.now() });
    await control(org, 'POST', 'org', { id: '00D000000000002' });
    return SyncWorld.connected({ clock, database, orgDatabase, org, test }, options.reps ?? 1, false);
  }

  /** Another team of the same installation on this very org, which this team has left. It is closed with this one. */
  async successor(options: { reps?: number } = {}): Promise<SyncWorld> {
    return SyncWorld.connected(this, options.reps ?? 1, false);
  }

  private static async connected(
    parts: Pick<SyncWorld, 'clock' | 'database' | 'orgDatabase' | 'org' | 'test'>,
    repCount: number,
    ownsApp = true,
  ): Promise<SyncWorld> {
    const { clock, database, orgDatabase, org, test } = parts;
    const team = await makeTeam(test, { reps: repCount });
    const users = await control<{ id: string; isActive: boolean; name: string }[]>(org, 'GET', 'users');
    const integration = users.find((user) => user.name.includes('Integration')) ?? users[0];
    const people = users.filter((user) => user.isActive && user.id !== integration?.id).map((user) => user.id);
    const lacking = repCount - people.length;
    if (lacking > 0) {
      people.push(...(await control<{ ids: string[] }>(org, 'POST', 'users', { count: lacking })).ids);
    }
    const reps = team.reps.map((rep, index) => ({ ...rep, salesforceId: people[index] ?? '' }));
    const connectionId = uuidv7();
    const world = new SyncWorld(
      clock,
      database,
      orgDatabase,
      org,
      test,
      team,
      reps,
      connectionId,
      integration?.id ?? '',
      ownsApp,
    );
    await world.connect();
    return world;
  }

  async close(): Promise<void> {
    if (this.ownsApp) await this.test.close();
    await this.org.close();
    if (this.ownsApp) await this.database.drop();
    await this.orgDatabase.drop();
  }

  /** As after the log-in, which has tests of its own. */
  private async connect(): Promise<void> {
    const { dataSource } = this.database;
    const { accessToken } = await control<{ accessToken: string }>(this.org, 'POST', 'sessions', {
      userId: this.integrationUserId,
    });
    const { orgId } = await control<{ orgId: string }>(this.org, 'GET', 'state');
    const box = this.test.app.get(SecretBox);
    const sealed = box.seal(accessToken, `salesforce_connections:${this.connectionId}`);
    await dataSource.query(
      `INSERT INTO salesforce_connections (team_id, id, org_id, login_url, instance_url, integration_user_id,
         integration_username, access_token, refresh_token) VALUES ($1, $2, $3, $4, $4, $5, 'integration', $6, NULL)`,
      [this.team.teamId, this.connectionId, orgId, this.org.url, this.integrationUserId, sealed],
    );
    await dataSource.query('INSERT INTO salesforce_org_states (team_id, connection_id) VALUES ($1, $2)', [
      this.team.teamId,
      this.connectionId,
    ]);
    for (const rep of this.reps) {
      await dataSource.query(
        `INSERT INTO salesforce_user_matches (team_id, user_id, salesforce_user_id, salesforce_username, matched_by)
         VALUES ($1, $2, $3, 'x', 'admin')`,
        [this.team.teamId, rep.userId, rep.salesforceId],
      );
    }
  }

  /** Turns the sync on for reps (all unless named) and lets the first-time sync end. */
  async enrol(options: { reps?: Rep[]; scope?: string } = {}): Promise<void> {
    await this.setSync(options.reps ?? this.reps, true, options.scope);
    await this.quiesce();
  }

  async setSync(reps: Rep[], enabled: boolean, scope = 'all'): Promise<void> {
    await this.call('PUT', '/v1/salesforce/task-sync/users', {
      user_ids: reps.map((rep) => rep.userId),
      enabled,
      scope,
    });
  }

  /** Runs all due work of the sync until nothing is left at the clock's time. Returns lanes that rest after a failure. */
  async quiesce(): Promise<RestingLane[]> {
    return this.test.app.get(Quiescence).drainAllDue();
  }

  /** Polls the org and pushes what waits until both sides are silent; fails if work keeps coming. */
  async sync(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      this.clock.advance(31_000);
      const resting = await this.quiesce();
      if (resting.length > 0) throw new Error(`The sync rests after a failure: ${resting[0]?.error}`);
    }
  }

  /** Goes on after a failure: past every pause. */
  async recover(): Promise<void> {
    this.clock.advance(20 * 60_000);
    await this.quiesce();
    await this.sync();
  }

  async call<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    as?: TestUser,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const request = this.test.http[verb](path).set({ ...bearer((as ?? this.team.admin).key), ...headers });
    const response = await (body === undefined ? request : request.send(body as object));
    if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${response.text}`);
    return response.body as T;
  }

  // Here, as a rep (or the admin).
  createHere(values: Record<string, unknown>, as: TestUser | undefined = this.reps[0]): Promise<HereTask> {
    return this.call<HereTask>('POST', '/v1/tasks', { type: 'custom', ...values }, as);
  }

  async editHere(id: string, values: Record<string, unknown>, as: TestUser = this.team.admin): Promise<HereTask> {
    return this.call<HereTask>('PATCH', `/v1/tasks/${id}`, values, as, { 'If-Match': '*' });
  }

  act(id: string, verb: 'complete' | 'skip' | 'reopen' | 'restore', as: TestUser = this.team.admin): Promise<HereTask> {
    return this.call<HereTask>('POST', `/v1/tasks/${id}/${verb}`, {}, as);
  }

  deleteHere(id: string, as: TestUser = this.team.admin): Promise<unknown> {
    return this.call('DELETE', `/v1/tasks/${id}`, undefined, as);
  }

  here(id: string, as: TestUser = this.team.admin): Promise<HereTask> {
    return this.call<HereTask>('GET', `/v1/tasks/${id}`, undefined, as);
  }

  /** The row itself, deleted and away ones too. */
  async rowHere(id: string): Promise<{ deleted: boolean; away: boolean; assignee_id: string }> {
    const rows: { deleted: boolean; away: boolean; assignee_id: string }[] = await this.database.dataSource.query(
      'SELECT deleted_at IS NOT NULL AS deleted, away_since IS NOT NULL AS away, assignee_id FROM tasks WHERE id = $1',
      [id],
    );
    if (!rows[0]) throw new Error(`no task ${id}`);
    return rows[0];
  }

  /** Ids of the team's tasks that are linked to a Salesforce Task. */
  async linkedTo(salesforceId: string): Promise<string[]> {
    const rows: { task_id: string }[] = await this.database.dataSource.query(
      'SELECT task_id FROM task_links WHERE team_id = $1 AND salesforce_id = $2',
      [this.team.teamId, salesforceId],
    );
    return rows.map((row) => row.task_id);
  }

  async hereOf(salesforceId: string): Promise<HereTask> {
    const [id] = await this.linkedTo(salesforceId);
    if (!id) throw new Error(`nothing here is linked to ${salesforceId}`);
    return this.here(id);
  }

  // There, as a rep in Salesforce.
  async createThere(fields: Record<string, unknown>, as: Rep | undefined = this.reps[0]): Promise<string> {
    const owner = as?.salesforceId ?? this.integrationUserId;
    const { id } = await control<{ id: string }>(this.org, 'POST', `as/${owner}/sobjects/Task`, {
      OwnerId: owner,
      ...fields,
    });
    return id;
  }

  async editThere(id: string, fields: Record<string, unknown>, as: Rep | undefined = this.reps[0]): Promise<void> {
    await control(this.org, 'PATCH', `as/${as?.salesforceId}/sobjects/Task/${id}`, fields);
  }

  async deleteThere(id: string, as: Rep | undefined = this.reps[0]): Promise<void> {
    await control(this.org, 'DELETE', `as/${as?.salesforceId}/sobjects/Task/${id}`);
  }

  /** Back from the recycle bin, by a person. */
  async undeleteThere(id: string, as: Rep | undefined = this.reps[0]): Promise<void> {
    const { accessToken } = await this.control<{ accessToken: string }>('POST', 'sessions', {
      userId: as?.salesforceId ?? this.integrationUserId,
    });
    const body = `<Envelope><Header><SessionHeader><sessionId>${accessToken}</sessionId></SessionHeader></Header>
      <Body><undelete><ids>${id}</ids></undelete></Body></Envelope>`;
    const headers = { 'Content-Type': 'text/xml', SOAPAction: '""' };
    const response = await fetch(`${this.org.url}/services/Soap/u/62.0`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(await response.text());
  }

  /** All Tasks there, deleted ones too, straight from the org's answer to a user who sees all. */
  async allThere(where = ''): Promise<ThereTask[]> {
    const soql = `SELECT Id, Subject, Status, Priority, ActivityDate, Description, ReminderDateTime, IsReminderSet, OwnerId,
      WhoId, WhatId, IsDeleted, IsClosed, LastModifiedById, Command_Center_Key__c FROM Task ${where} ORDER BY Id LIMIT 2000`;
    const path = `as/${this.integrationUserId}/queryAll?q=${encodeURIComponent(soql)}`;
    return (await control<{ records: ThereTask[] }>(this.org, 'GET', path)).records;
  }

  async there(id: string): Promise<ThereTask> {
    const [task] = await this.allThere(`WHERE Id = '${id}'`);
    if (!task) throw new Error(`no Task ${id} there`);
    return task;
  }

  /** The Task there that a task here is linked to. */
  async thereOf(taskId: string): Promise<ThereTask> {
    const { salesforce } = await this.here(taskId);
    if (!salesforce?.id) throw new Error(`task ${taskId} is not in Salesforce: ${JSON.stringify(salesforce)}`);
    return this.there(salesforce.id);
  }

  /** Arms the org's fault switch. */
  async fault(
    match: Record<string, string>,
    effect: Record<string, unknown>,
    more: Record<string, unknown> = {},
  ): Promise<void> {
    await this.control('POST', 'faults', { match, effect, ...more });
  }

  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return control<T>(this.org, method, path, body);
  }

  /** API calls that one quiet cycle makes, and the writes among them. */
  async quietCycle(): Promise<{ calls: number; writes: number }> {
    await this.control('DELETE', 'calls');
    const before = await this.control<{ used: number }>('GET', 'calls');
    const writesBefore = await this.modifications();
    this.clock.advance(31_000);
    await this.quiesce();
    const after = await this.control<{ used: number }>('GET', 'calls');
    return { calls: after.used - before.used, writes: (await this.modifications()) - writesBefore };
  }

  /** A number that grows with each write to a task here or there. */
  private async modifications(): Promise<number> {
    const here: { n: string }[] = await this.database.dataSource.query(
      'SELECT coalesce(sum(version), 0) + (SELECT count(*) FROM task_changes) AS n FROM tasks',
    );
    const there = await this.org.pool.query<{ n: string }>(
      'SELECT coalesce(sum(extract(epoch FROM system_modstamp)), 0)::bigint AS n FROM sf_task',
    );
    return Number(here[0]?.n) + Number(there.rows[0]?.n);
  }
}

async function control<T>(org: SalesforceOrg, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${org.url}/sandbox/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /sandbox/${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
