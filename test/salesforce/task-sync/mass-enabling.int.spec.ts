import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { createTestApp } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

jest.setTimeout(120_000);

const REPS = 500;
const TASKS = 3_000;
/** Reps whose ids one query holds, and rows in a page. */
const IN_A_QUERY = 250;
const PAGE = 2_000;
const SCHEMA_CALLS = 3;
/** Scopes, and reasons to leave a Task out, that a preview counts. */
const COUNTED = 6;

interface Run {
  id: string;
  status: string;
  total: number | null;
  done: number;
  counts: Record<string, number>;
}

describe('turning the task sync of 500 reps on at once', () => {
  let world: SyncWorld;
  beforeAll(async () => {
    world = await SyncWorld.create({ reps: REPS, tasks: TASKS });
    // Open tasks, as many for each of them.
    await world.org.pool.query(
      `UPDATE sf_task t SET owner_id = ($1::text[])[1 + n % $2::int], status = 'Not Started', is_closed = false,
         completed_date_time = NULL, is_deleted = false, is_archived = false, is_recurrence = false, task_subtype = 'Task'
       FROM (SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM sf_task) numbered WHERE numbered.id = t.id`,
      [world.reps.map((rep) => rep.salesforceId), REPS],
    );
  });
  afterAll(() => world.close());

  const sql = <Row>(text: string) => world.database.dataSource.query<Row[]>(text);
  beforeEach(async () => {
    await world.control('DELETE', 'faults');
    for (const table of ['tasks', 'people', 'task_sync_enrolments', 'sync_runs']) await sql(`DELETE FROM ${table}`);
    await sql('UPDATE salesforce_org_states SET next_pull_at = NULL, pull_cursor = NULL, pull_position = NULL');
    await sql('UPDATE lanes SET retry_at = NULL, failures = 0, last_error = NULL');
    // What the test before changed there is too old for the pull.
    world.clock.advance(3_600_000);
    await world.control('DELETE', 'calls');
  });

  const calls = async () => {
    const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
    const total = Object.values(byKind).reduce((sum, count) => sum + count, 0);
    return { total, queries: byKind['queryAll'] ?? 0 };
  };
  const runs = async () =>
    (await world.call<{ data: Run[] }>('GET', '/v1/salesforce/task-sync/runs?kind=first_sync')).data;
  /** The reps in the order of their ids, cut as queries are; the later half is read last. */
  const groups = () => {
    const inOrder = [...world.reps].sort((a, b) => (a.salesforceId < b.salesforceId ? -1 : 1));
    return Array.from({ length: Math.ceil(REPS / IN_A_QUERY) }, (_, n) =>
      inOrder.slice(n * IN_A_QUERY, (n + 1) * IN_A_QUERY),
    );
  };
  const owned = async (reps: readonly Rep[]) => {
    const { rows } = await world.org.pool.query<{ id: string; owner: string }>(
      'SELECT id, owner_id AS owner FROM sf_task WHERE owner_id = ANY($1::text[]) ORDER BY id',
      [reps.map((rep) => rep.salesforceId)],
    );
    return rows;
  };
  /** Every link here with the Salesforce user of the task's assignee. */
  const linked = () =>
    sql<{ id: string; owner: string }>(
      `SELECT l.salesforce_id AS id, m.salesforce_user_id AS owner FROM task_links l
       JOIN tasks t ON t.team_id = l.team_id AND t.id = l.task_id
       JOIN salesforce_user_matches m ON m.team_id = t.team_id AND m.user_id = t.assignee_id ORDER BY 1`,
    );
  /** The run reads the first group, and fails at each try to read the second. */
  const stopInTheSecondGroup = async () => {
    const refusal = { status: 400, errorCode: 'JSON_PARSER_ERROR', message: 'stopped here' };
    await world.fault({ path: 'ORDER%20BY%20Id%20LIMIT' }, { error: refusal }, { skip: 1, times: null });
    await world.setSync(world.reps, true);
    expect(await world.quiesce()).toHaveLength(1);
    const [run] = await runs();
    const done = (await owned(groups()[0] ?? [])).length;
    expect(run).toMatchObject({ status: 'running', total: TASKS, done, counts: { imported: done } });
    await world.control('DELETE', 'faults');
    return run?.id ?? '';
  };

  it('is previewed by one request, with as many calls as queries hold their ids', async () => {
    const preview = await world.call<{ scopes: { all: number }; api_calls: number }>(
      'POST',
      '/v1/salesforce/task-sync/preview',
      { user_ids: world.reps.map((rep) => rep.userId), scope: 'all' },
    );
    expect(preview.scopes.all).toBe(TASKS);
    expect((await calls()).total).toBe(COUNTED * groups().length);
    await world.control('DELETE', 'calls');
    await world.enrol();
    // About: it counts two calls a page for the people and records there, of which none may be new; and no pull.
    const { queries, total } = await calls();
    expect(preview.api_calls).toBeGreaterThanOrEqual(queries - 1);
    expect(preview.api_calls).toBeLessThanOrEqual(total + 4);
  });

  it('reads all of them in one run, each task once, by calls that grow with pages and not with reps', async () => {
    await world.enrol();
    expect(await linked()).toEqual(await owned(world.reps));
    expect(await runs()).toMatchObject([{ status: 'done', total: TASKS, done: TASKS, counts: { imported: TASKS } }]);
    let pages = 0;
    for (const group of groups()) pages += Math.floor((await owned(group)).length / PAGE) + 1;
    const pulls = 1;
    const { queries, total } = await calls();
    expect(queries).toBe(groups().length + pages + pulls);
    // People, leads, accounts and opportunities that a page names: a call for each kind at most.
    const schema = 2 * SCHEMA_CALLS;
    expect(total).toBeLessThanOrEqual(schema + queries + 4 * (pages + pulls));
    expect(total).toBeLessThan(REPS / 20);
  });

  it('costs an idle cycle the same as one rep does', async () => {
    await world.enrol();
    await world.sync();
    const ofAll = await world.quietCycle();
    await world.setSync(world.reps.slice(1), false);
    await world.sync();
    expect(await world.quietCycle()).toEqual(ofAll);
    expect(ofAll).toEqual({ calls: 1, writes: 0 });
  });

  it('and off again freezes all of them: nothing moves, and nothing is asked', async () => {
    await world.enrol();
    await world.sync();
    const [rep] = world.reps as [Rep];
    const id = (await owned([rep]))[0]?.id ?? '';
    const before = await world.there(id);
    await world.setSync(world.reps, false);
    await world.control('DELETE', 'calls');
    await world.editHere((await world.hereOf(id)).id, { details: 'edited here' });
    await world.editThere(id, { Subject: 'edited there' }, rep);
    await world.sync();
    expect((await calls()).total).toBe(0);
    expect(await sql('SELECT count(*)::int AS moving FROM task_links WHERE NOT frozen')).toEqual([{ moving: 0 }]);
    expect(await world.there(id)).toMatchObject({ Description: before.Description });
    expect(await world.hereOf(id)).toMatchObject({ name: before.Subject, salesforce: { state: 'off' } });
  });

  it('goes on in the group where it was when another process takes it over', async () => {
    const id = await stopInTheSecondGroup();
    const { database, clock, org } = world;
    const env = { SALESFORCE_LOGIN_HOSTS: org.url, SALESFORCE_RECONCILE_DAYS: '0' };
    const other = await createTestApp({ database, clock, env });
    try {
      await world.control('DELETE', 'calls');
      world.clock.advance(20_000);
      expect(await other.app.get(Quiescence).drainAllDue()).toEqual([]);
    } finally {
      await other.close();
    }
    expect(await runs()).toMatchObject([
      { id, status: 'done', total: TASKS, done: TASKS, counts: { imported: TASKS } },
    ]);
    expect(await linked()).toEqual(await owned(world.reps));
    // The second group's page; what was counted and read before is not asked for again.
    expect((await calls()).queries).toBe(1);
  });

  it('keeps what it has read when it is cancelled in between, and the ongoing sync goes on for all', async () => {
    const id = await stopInTheSecondGroup();
    await world.call('POST', `/v1/salesforce/task-sync/runs/${id}/cancel`, {});
    await world.recover();
    const [first, second] = groups() as [Rep[], Rep[]];
    expect(await linked()).toEqual(await owned(first));
    expect(await runs()).toMatchObject([{ id, status: 'cancelled' }]);
    const made = await world.createThere({ Subject: 'made after the cancelling' }, second[0]);
    await world.sync();
    expect(await world.linkedTo(made)).toHaveLength(1);
    await world.org.pool.query('DELETE FROM sf_task WHERE id = $1', [made]);
  });

  it('reads all others when some are turned off meanwhile', async () => {
    await stopInTheSecondGroup();
    const [first, second] = groups() as [Rep[], Rep[]];
    const off = [first[0], second[0], second.at(-1)] as Rep[];
    await world.setSync(off, false);
    await world.recover();
    const [run] = await runs();
    expect(run).toMatchObject({ status: 'done' });
    const unread = off.slice(1);
    expect(await linked()).toEqual(await owned(world.reps.filter((rep) => !unread.includes(rep))));
  });

  it('ends when all of them are turned off meanwhile', async () => {
    const id = await stopInTheSecondGroup();
    await world.setSync(world.reps.slice(1), false);
    expect(await runs()).toMatchObject([{ id, status: 'running' }]);
    await world.setSync(world.reps.slice(0, 1), false);
    expect(await runs()).toMatchObject([{ id, status: 'cancelled' }]);
    await world.recover();
    expect(await linked()).toEqual(await owned(groups()[0] ?? []));
  });
});
