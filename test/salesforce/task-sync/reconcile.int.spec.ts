import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HerePass } from '../../../src/salesforce/task-sync/reconcile/here-pass.js';
import { TherePass } from '../../../src/salesforce/task-sync/reconcile/there-pass.js';
import { bearer } from '../../support/app.js';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';

interface Run {
  id: string;
  status: string;
  done: number;
  counts: Record<string, number>;
  api_calls: number;
  error: string | null;
}

const DAY = 24 * 3_600_000;

async function reconcile(world: SyncWorld): Promise<Run> {
  const { id } = await world.call<Run>('POST', '/v1/salesforce/task-sync/reconcile');
  await world.quiesce();
  return runOf(world, id);
}

function runOf(world: SyncWorld, id: string): Promise<Run> {
  return world.call<Run>('GET', `/v1/salesforce/task-sync/runs/${id}`);
}

/** What a run found, without what it did not. */
function found(run: Run): Record<string, number> {
  return Object.fromEntries(
    Object.entries(run.counts).filter(([name, count]) => /^(found|repaired)_/.test(name) && count > 0),
  );
}

function both(kind: string, count = 1): Record<string, number> {
  return { [`found_${kind}`]: count, [`repaired_${kind}`]: count };
}

/** All rows that the sync keeps of tasks, to see that nothing was written. */
async function traces(world: SyncWorld): Promise<unknown> {
  const here: unknown = await world.database.dataSource.query(
    `SELECT t.id, t.version, l.xmin, l.ctid FROM tasks t LEFT JOIN task_links l ON l.task_id = t.id ORDER BY t.id`,
  );
  const there = await world.org.pool.query('SELECT id, xmin, ctid FROM sf_task ORDER BY id');
  return { here, there: there.rows };
}

describe('the reconcile', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;
  let eve: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 3 });
    [ann, bob, eve] = world.reps as [Rep, Rep, Rep];
    await world.enrol({ reps: [ann, bob] });
  });
  afterAll(() => world.close());
  beforeEach(() => world.control('DELETE', 'faults'));

  /** A task on both sides, known to the pull for longer than it reads back. */
  async function settled(values: Record<string, unknown>): Promise<{ here: HereTask; id: string }> {
    const here = await world.createHere(values);
    await world.sync();
    const { Id } = await world.thereOf(here.id);
    await past();
    return { here, id: Id };
  }

  async function past(): Promise<void> {
    world.clock.advance(40 * 60_000);
    await world.sync();
  }

  /** Changes a row there behind the back of the pull: its stamp stays. */
  async function behindThere(id: string, set: string): Promise<void> {
    await world.org.pool.query(`UPDATE sf_task SET ${set} WHERE id = $1`, [id]);
  }

  async function behindHere(sql: string, parameters: unknown[]): Promise<void> {
    await world.database.dataSource.query(sql, parameters);
  }

  /** Drift is found, repaired and counted once; the pass after it finds nothing and writes nothing. */
  async function repairs(expected: Record<string, number>): Promise<Run> {
    const run = await reconcile(world);
    expect(run).toMatchObject({ status: 'done', error: null });
    expect(found(run)).toEqual(expected);
    await world.sync();
    const before = await traces(world);
    const again = await reconcile(world);
    expect(found(again)).toEqual({});
    expect(again.counts).toMatchObject({ found_missed_change: 0, repaired_missed_change: 0, found_missing_here: 0 });
    expect(await traces(world)).toEqual(before);
    return run;
  }

  it('finds nothing and writes nothing where nothing was missed', async () => {
    await settled({ name: 'in step', details: ' padded \r\n text ', reminder_at: '2026-05-01T08:00:00.123Z' });
    const archived = await settled({ name: 'skipped' });
    await world.act(archived.here.id, 'skip');
    const deleted = await settled({ name: 'deleted here' });
    await world.deleteHere(deleted.here.id);
    const gone = await settled({ name: 'edited, then deleted there' });
    await world.editThere(gone.id, { Subject: 'last words' });
    await world.deleteThere(gone.id);
    const away = await settled({ name: 'given away there' });
    await world.editThere(away.id, { OwnerId: eve.salesforceId });
    await past();
    const run = await repairs({});
    expect(run.counts.compared).toBeGreaterThan(0);
  });

  it('takes over a change there that the pull missed, and keeps an edit made here', async () => {
    const { here, id } = await settled({ name: 'changed there', due_date: '2026-03-10' });
    await behindThere(id, `activity_date = '2026-04-01', subject = 'changed unseen'`);
    await repairs(both('missed_change'));
    expect(await world.here(here.id)).toMatchObject({ name: 'changed unseen', due_date: '2026-04-01' });
  });

  it('takes over a new owner there', async () => {
    const toBob = await settled({ name: 'to bob' });
    const toEve = await settled({ name: 'to eve' });
    await behindThere(toBob.id, `owner_id = '${bob.salesforceId}'`);
    await behindThere(toEve.id, `owner_id = '${eve.salesforceId}'`);
    await repairs(both('missed_move', 2));
    expect(await world.rowHere(toBob.here.id)).toMatchObject({ assignee_id: bob.userId, away: false });
    expect(await world.rowHere(toEve.here.id)).toMatchObject({ away: true });
  });

  it('takes over a deletion, a purge and an undeletion there', async () => {
    const deleted = await settled({ name: 'deleted unseen' });
    const purged = await settled({ name: 'purged unseen' });
    const back = await settled({ name: 'undeleted unseen' });
    await world.deleteThere(back.id);
    await past();
    expect(await world.rowHere(back.here.id)).toMatchObject({ deleted: true });
    await behindThere(deleted.id, 'is_deleted = true');
    await behindThere(back.id, 'is_deleted = false');
    await world.org.pool.query('DELETE FROM sf_task WHERE id = $1', [purged.id]);
    await repairs({ ...both('missed_deletion'), ...both('missed_purge'), ...both('missed_undelete') });
    expect(await world.rowHere(deleted.here.id)).toMatchObject({ deleted: true });
    expect(await world.rowHere(purged.here.id)).toMatchObject({ deleted: true });
    expect(await world.rowHere(back.here.id)).toMatchObject({ deleted: false });
    expect(deleted.here.version).toBeLessThan((await world.here(back.here.id)).version);
  });

  it('imports what is there and not here', async () => {
    const id = await world.createThere({ Subject: 'lost at the import' });
    await past();
    await behindHere('DELETE FROM tasks WHERE id = ANY($1::uuid[])', [await world.linkedTo(id)]);
    await repairs(both('missing_here'));
    expect(await world.linkedTo(id)).toHaveLength(1);
  });

  it('finds its own task again by the key when the link is lost', async () => {
    const { here, id } = await settled({ name: 'its link is lost' });
    await behindHere('DELETE FROM task_links WHERE task_id = $1', [here.id]);
    await repairs(both('lost_link'));
    expect(await world.linkedTo(id)).toEqual([here.id]);
    expect(await world.allThere(`WHERE Subject = 'its link is lost'`)).toHaveLength(1);
  });

  it('marks what was changed here and never sent', async () => {
    const edited = await settled({ name: 'edited unmarked' });
    const deleted = await settled({ name: 'deleted unmarked' });
    const created = await world.createHere({ name: 'created unmarked' });
    await behindHere(`UPDATE task_links SET due_since = NULL WHERE task_id = $1`, [created.id]);
    await behindHere(`UPDATE tasks SET due_date = '2026-07-01' WHERE id = $1`, [edited.here.id]);
    await behindHere(`UPDATE tasks SET deleted_at = now() WHERE id = $1`, [deleted.here.id]);
    await repairs(both('lost_mark', 3));
    expect((await world.there(edited.id)).ActivityDate).toBe('2026-07-01');
    expect((await world.there(deleted.id)).IsDeleted).toBe(true);
    expect((await world.thereOf(created.id)).Subject).toBe('created unmarked');
  });

  it('settles a write in doubt that nothing is about to settle, and leaves parked ones to a person', async () => {
    const doubt = await settled({ name: 'in doubt' });
    const parked = await settled({ name: 'parked' });
    const sent = { op: 'update', fields: { Subject: 'x' }, here: { name: 'x', status: 'open', priority: 'normal' } };
    // Whoever takes the org over settles first; this one is lost while the org is held.
    const pass = world.test.app.get(HerePass);
    const page = pass.page.bind(pass);
    jest.spyOn(pass, 'page').mockImplementationOnce(async (...args) => {
      await behindHere('UPDATE task_links SET sent = $2 WHERE task_id = $1', [doubt.here.id, JSON.stringify(sent)]);
      return page(...args);
    });
    await behindHere(`UPDATE tasks SET due_date = '2026-07-02' WHERE id = $1`, [parked.here.id]);
    await behindHere(`UPDATE task_links SET parked_code = 'X', due_since = now() WHERE task_id = $1`, [parked.here.id]);
    await repairs(both('unsettled_write'));
    expect((await world.there(doubt.id)).Subject).toBe('in doubt');
    expect((await world.there(parked.id)).ActivityDate).toBeNull();
    await behindHere(`DELETE FROM tasks WHERE id = $1`, [parked.here.id]);
    await world.deleteThere(parked.id);
    await past();
  });

  it('applies what the pull has not had time for, and does not call it drift', async () => {
    const { here, id } = await settled({ name: 'just now' });
    await world.editThere(id, { ActivityDate: '2026-08-01' });
    const run = await reconcile(world);
    expect(found(run)).toEqual({});
    expect(run.counts.left_to_the_pull).toBe(1);
    expect((await world.here(here.id)).due_date).toBe('2026-08-01');
  });

  it('leaves out older history that the scope left out, and brings back what it took in', async () => {
    const old = await world.createThere({ Subject: 'old and open' }, eve);
    const closed = await world.createThere({ Subject: 'old and closed', Status: 'Completed' }, eve);
    await world.org.pool.query(
      `UPDATE sf_task SET created_date = '2025-01-02', last_modified_date = '2025-03-01', system_modstamp = '2025-03-01',
         completed_date_time = CASE WHEN is_closed THEN '2025-03-01'::timestamptz END WHERE id = ANY($1::text[])`,
      [[old, closed]],
    );
    await world.enrol({ reps: [eve], scope: 'open' });
    await past();
    expect(await world.linkedTo(old)).toHaveLength(1);
    await repairs({});
    expect(await world.linkedTo(closed)).toHaveLength(0);
    await behindHere('DELETE FROM tasks WHERE id = ANY($1::uuid[])', [await world.linkedTo(old)]);
    await repairs(both('missing_here'));
    expect(await world.linkedTo(closed)).toHaveLength(0);
    await world.setSync([eve], false);
    await world.sync();
  });

  it('leaves alone what belongs to a rep whose sync is off', async () => {
    await world.setSync([bob], false);
    const id = await world.createThere({ Subject: 'while bob is off' }, bob);
    const [frozen] = await world.database.dataSource.query<{ task_id: string; salesforce_id: string }[]>(
      `SELECT l.task_id, l.salesforce_id FROM task_links l JOIN tasks t ON t.id = l.task_id
       WHERE l.frozen AND t.assignee_id = $1 AND NOT l.deleted_there`,
      [bob.userId],
    );
    await behindThere(frozen?.salesforce_id ?? '', `subject = 'changed while off'`);
    await past();
    await repairs({});
    expect(await world.linkedTo(id)).toHaveLength(0);
    expect((await world.here(frozen?.task_id ?? '')).name).not.toBe('changed while off');
    await world.enrol({ reps: [bob] });
  });

  describe('on demand', () => {
    it('runs one at a time, and answers the one that runs', async () => {
      const ask = () => world.call<Run>('POST', '/v1/salesforce/task-sync/reconcile');
      const [first, second] = await Promise.all([ask(), ask()]);
      expect(second.id).toBe(first.id);
      await world.quiesce();
      const third = await ask();
      expect(third.id).not.toBe(first.id);
      expect((await runOf(world, first.id)).status).toBe('done');
      await world.quiesce();
      const { data } = await world.call<{ data: Run[] }>('GET', '/v1/salesforce/task-sync/runs?kind=reconcile&limit=1');
      expect(data).toMatchObject([{ id: third.id, status: 'done' }]);
    });

    it('is not for members', async () => {
      const response = await world.test.http.post('/v1/salesforce/task-sync/reconcile').set(bearer(ann.key));
      expect(response.status).toBe(403);
    });

    it('shows when it was and what it found', async () => {
      const { id } = await settled({ name: 'shown' });
      await behindThere(id, `subject = 'shown, changed'`);
      await reconcile(world);
      expect(await world.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({
        last_reconcile_at: world.clock.now().toISOString(),
        last_reconcile_drift: 1,
        open_alarms: 0,
      });
    });
  });
});

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

describe('the schedule of reconciles', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1, env: { SALESFORCE_RECONCILE_DAYS: '7' } });
  });
  afterAll(() => world.close());

  const next = async () =>
    (await world.call<{ next_reconcile_at: string | null }>('GET', '/v1/salesforce/task-sync/status'))
      .next_reconcile_at;
  const runs = async () =>
    (await world.call<{ data: Run[] }>('GET', '/v1/salesforce/task-sync/runs?kind=reconcile')).data;

  it('is weekly, at night, from the first rep on until nobody syncs', async () => {
    expect(await next()).toBeNull();
    await world.enrol();
    const first = new Date((await next()) ?? 0);
    expect(first.getTime()).toBeGreaterThan(world.clock.now().getTime());
    expect(first.getTime()).toBeLessThanOrEqual(world.clock.now().getTime() + 7 * DAY);
    expect(first.getUTCHours()).toBeGreaterThanOrEqual(1);
    expect(first.getUTCHours()).toBeLessThan(5);
    expect(await runs()).toHaveLength(0);

    world.clock.advance(first.getTime() - world.clock.now().getTime());
    await world.quiesce();
    expect(await runs()).toMatchObject([{ status: 'done' }]);
    expect(new Date((await next()) ?? 0).getTime()).toBe(first.getTime() + 7 * DAY);
    await world.sync();
    expect(await runs()).toHaveLength(1);

    await world.setSync(world.reps, false);
    expect(await next()).toBeNull();
    const refused = await world.test.http.post('/v1/salesforce/task-sync/reconcile').set(bearer(world.team.admin.key));
    expect(refused.status).toBe(409);
  });
});

describe('a cursor older than Salesforce can answer', () => {
  let world: SyncWorld;
  let ann: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    [ann] = world.reps as [Rep];
    await world.enrol();
  });
  afterAll(() => world.close());

  it('is given up: everything is compared, and both sides end equal', async () => {
    const tasks = await Promise.all(Array.from({ length: 12 }, (_, n) => world.createHere({ name: `long ago ${n}` })));
    await world.sync();
    const there = await Promise.all(tasks.map((task) => world.thereOf(task.id)));
    const at = (n: number) => ({ here: tasks[n]?.id ?? '', id: there[n]?.Id ?? '' });

    // The worker is off for 16 days.
    world.clock.advance(DAY);
    await world.deleteThere(at(0).id);
    await world.deleteThere(at(1).id);
    await world.editThere(at(2).id, { ActivityDate: '2026-06-01' });
    await world.editThere(at(3).id, { Subject: 'edited there' });
    await world.editHere(at(3).here, { due_date: '2026-06-02' });
    await world.editHere(at(1).here, { details: 'edited here, purged there' });
    const made = await world.createThere({ Subject: 'made in the outage' });
    const vanished = await world.createThere({ Subject: 'made and purged' });
    await world.deleteThere(vanished);
    const ours = await world.createHere({ name: 'made here in the outage' });
    world.clock.advance(15 * DAY);
    await world.control('POST', 'recycle-bin', {});
    await world.deleteThere(at(4).id);
    await world.editThere(at(5).id, { ActivityDate: '2026-06-05' });

    await world.recover();
    const { data } = await world.call<{ data: Run[] }>('GET', '/v1/salesforce/task-sync/runs?kind=reconcile');
    expect(data).toMatchObject([
      { status: 'done', counts: { found_missed_purge: 1, found_missed_deletion: 1, found_missed_change: 2 } },
    ]);
    for (const n of [0, 1, 4]) expect(await world.rowHere(at(n).here)).toMatchObject({ deleted: true });
    expect(await world.here(at(2).here)).toMatchObject({ due_date: '2026-06-01' });
    expect(await world.here(at(3).here)).toMatchObject({ name: 'edited there', due_date: '2026-06-02' });
    expect((await world.there(at(3).id)).ActivityDate).toBe('2026-06-02');
    expect(await world.here(at(5).here)).toMatchObject({ due_date: '2026-06-05' });
    expect(await world.linkedTo(made)).toHaveLength(1);
    expect(await world.linkedTo(vanished)).toHaveLength(0);
    expect((await world.thereOf(ours.id)).OwnerId).toBe(ann.salesforceId);
    const kept = await world.call<{ data: { field: string; here: string }[] }>(
      'GET',
      `/v1/salesforce/task-sync/conflicts?task_id=${at(1).here}`,
    );
    expect(kept.data).toMatchObject([{ field: 'Description', here: 'edited here, purged there' }]);

    const quiet = await world.quietCycle();
    expect(quiet).toMatchObject({ calls: 1, writes: 0 });
    expect(found(await reconcile(world))).toEqual({});
  });
});
