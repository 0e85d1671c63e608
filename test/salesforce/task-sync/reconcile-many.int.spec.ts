import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TherePass } from '../../../src/salesforce/task-sync/reconcile/there-pass.js';
import { SyncWorld } from '../../support/sync-world.js';
import { both, found, reconcile, type Run, runOf } from './reconciling.js';

describe('a reconcile of many tasks', () => {
  const N = 6_000;
  let world: SyncWorld;
  let ids: string[];

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2, tasks: N });
    await world.org.pool.query(
      `UPDATE sf_task SET owner_id = CASE WHEN id < (SELECT id FROM sf_task ORDER BY id OFFSET 2500 LIMIT 1)
         THEN $1 ELSE $2 END, is_recurrence = false, task_subtype = 'Task', is_deleted = false,
         completed_date_time = CASE WHEN is_closed THEN created_date + interval '1 day' END`,
      world.reps.map((rep) => rep.salesforceId),
    );
    await world.enrol();
    world.clock.advance(40 * 60_000);
    await world.sync();
    const { rows } = await world.org.pool.query<{ id: string }>('SELECT id FROM sf_task ORDER BY id');
    ids = rows.map(({ id }) => id);
  }, 120_000);
  afterAll(() => world.close());
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('costs about two calls for each 2,000', async () => {
    const run = await reconcile(world);
    expect(found(run)).toEqual({});
    expect(run.counts.compared).toBe(N);
    expect(run.done).toBe(2 * N);
    expect(run.api_calls).toBeLessThanOrEqual((2 * N) / 2000 + 5);
  }, 60_000);

  it('goes on where it was after it was killed', async () => {
    await world.org.pool.query(`UPDATE sf_task SET subject = 'unseen' WHERE id = ANY($1::text[])`, [
      [ids[5], ids[2_500], ids[5_990]],
    ]);
    await world.database.dataSource.query(
      `DELETE FROM tasks WHERE id IN (SELECT task_id FROM task_links WHERE salesforce_id = ANY($1::text[]))`,
      [[ids[10], ids[5_980]]],
    );
    const { id } = await world.call<Run>('POST', '/v1/salesforce/task-sync/reconcile');
    // The second page of a phase dies in its transaction, after its repairs.
    let pages = 0;
    const there = world.test.app.get(TherePass);
    const page = there.page.bind(there);
    jest.spyOn(there, 'page').mockImplementation(async (...args) => {
      const read = await page(...args);
      if (++pages !== 2) return read;
      return {
        ...read,
        apply: async (tx) => {
          await read.apply(tx);
          throw new Error('killed');
        },
      };
    });
    await world.quiesce();
    const killed = await runOf(world, id);
    expect(killed).toMatchObject({ status: 'running', counts: { found_missed_change: 3, found_missing_here: 1 } });
    expect(killed.done).toBeLessThan(2 * N);
    await world.recover();
    const done = await runOf(world, id);
    expect(done).toMatchObject({ status: 'done', counts: { compared: N - 2 } });
    expect(found(done)).toEqual({ ...both('missed_change', 3), ...both('missing_here', 2) });
    expect(found(await reconcile(world))).toEqual({});
  }, 60_000);
});

describe('a reconcile of many reps', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    await world.enrol();
  });
  afterAll(() => world.close());

  it('asks for them in portions that fit into a query, and meets the tasks of each', async () => {
    // 600 more reps of all scopes, with ids before and after those of the two who have tasks.
    await world.database.dataSource.query(
      `WITH made AS (
         INSERT INTO users (team_id, id, email, name, role)
         SELECT $1, gen_random_uuid(), 'rep' || n || '@example.com', 'Rep', 'member' FROM generate_series(1, 600) n
         RETURNING id, email)
       INSERT INTO task_sync_enrolments (team_id, user_id, salesforce_user_id, state, scope, read_scope, enrolled_at)
       SELECT $1, id, '005' || lpad(substr(split_part(email, '@', 1), 4), 12, CASE WHEN random() < 0.5 THEN '0' ELSE 'z' END)
                || 'AAA',
              'synced', scope, scope, $2::timestamptz - random() * interval '300 days'
       FROM (SELECT id, email, (ARRAY['recent', 'due', 'open', 'all'])[1 + floor(random() * 4)::int] AS scope FROM made) m`,
      [world.team.teamId, world.clock.now()],
    );
    const lost = await Promise.all(world.reps.map((rep) => world.createThere({ Subject: 'one of many' }, rep)));
    await world.sync();
    world.clock.advance(40 * 60_000);
    await world.sync();
    await world.database.dataSource.query(
      'DELETE FROM tasks WHERE id IN (SELECT task_id FROM task_links WHERE salesforce_id = ANY($1::text[]))',
      [lost],
    );
    const run = await reconcile(world);
    expect(run).toMatchObject({ status: 'done', error: null });
    expect(found(run)).toEqual(both('missing_here', 2));
    expect(run.api_calls).toBeLessThanOrEqual(3 + 3);
  });
});
