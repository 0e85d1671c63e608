import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, makeTeam } from '../../support/app.js';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';

interface Alarm {
  id: string;
  kind: string;
  state: string;
  sentence: string;
  advice: string;
  asked: number;
  absent: number;
  view_all_data: boolean | null;
  tasks: { id: string; name: string; salesforce_id: string | null }[];
  decided_by: string | null;
}

interface Run {
  id: string;
  status: string;
  counts: Record<string, number>;
  error: string | null;
}

const QUARTER = 15 * 60_000;

describe('alarms on improbable absence', () => {
  let world: SyncWorld;
  let ann: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    [ann] = world.reps as [Rep];
    await world.enrol();
  });
  afterAll(() => world.close());
  afterEach(() => sight(true));

  const sight = (viewAllData: boolean) => world.control('PATCH', `users/${world.integrationUserId}`, { viewAllData });
  const alarms = async (query = '') =>
    (await world.call<{ data: Alarm[] }>('GET', `/v1/salesforce/task-sync/alarms${query}`)).data;
  const post = (path: string, key: string, body: object = {}) =>
    world.test.http.post(`/v1/salesforce/task-sync/${path}`).set(bearer(key)).send(body);
  const decide = (id: string, verb: 'confirm' | 'dismiss', body?: object) =>
    post(`alarms/${id}/${verb}`, world.team.admin.key, body);

  async function make(count: number, name: string): Promise<HereTask[]> {
    const tasks = await Promise.all(
      Array.from({ length: count }, (_, n) => world.createHere({ name: `${name} ${n}` })),
    );
    await world.sync();
    return tasks;
  }

  /** Records are purged there behind everybody's back: no deletion is to be seen. */
  async function purge(tasks: readonly HereTask[]): Promise<void> {
    await world.org.pool.query('DELETE FROM sf_task WHERE subject = ANY($1::text[])', [tasks.map((task) => task.name)]);
  }

  async function reconcile(): Promise<Run> {
    const { id } = await world.call<Run>('POST', '/v1/salesforce/task-sync/reconcile');
    await world.quiesce();
    return world.call<Run>('GET', `/v1/salesforce/task-sync/runs/${id}`);
  }

  async function deletedOf(tasks: readonly HereTask[]): Promise<number> {
    const rows = await Promise.all(tasks.map((task) => world.rowHere(task.id)));
    return rows.filter((row) => row.deleted).length;
  }

  it('confirmed: deletes exactly those tasks, with their history, and keeps pending edits as conflicts', async () => {
    const kept = await make(30, 'kept');
    const purged = await make(25, 'purged');
    await purge(purged);
    const run = await reconcile();
    expect(run).toMatchObject({ status: 'done', counts: { held_by_alarm: 25, found_missed_purge: 0 } });
    expect(await deletedOf(purged)).toBe(0);

    const [alarm] = await alarms('?state=open');
    expect(alarm).toMatchObject({ kind: 'improbable_absence', asked: 55, absent: 25, view_all_data: true });
    expect(alarm?.sentence).toContain('25 Salesforce Tasks');
    expect(alarm?.tasks).toHaveLength(5);
    expect(alarm?.tasks[0]?.name).toMatch(/^purged /);
    expect(await world.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({ open_alarms: 1 });
    const id = alarm?.id ?? '';

    // Other work goes on, and a few of them, asked for alone, are not taken for deleted either.
    const [first, second] = purged as [HereTask, HereTask];
    await world.editHere(first.id, { details: 'edited while held' });
    await world.editHere(kept[0]?.id ?? '', { details: 'goes on' });
    await world.sync();
    expect((await world.thereOf(kept[0]?.id ?? '')).Description).toBe('goes on');
    expect(await deletedOf(purged)).toBe(0);
    expect(await alarms()).toMatchObject([{ id, state: 'open', absent: 25 }]);

    expect((await decide(id, 'confirm', { absent: 24 })).status).toBe(409);
    expect((await decide(id, 'confirm', { absent: 25 })).body).toMatchObject({ state: 'confirmed' });
    await world.sync();
    expect(await deletedOf(purged)).toBe(25);
    expect(await deletedOf(kept)).toBe(0);
    expect((await decide(id, 'confirm')).status).toBe(409);

    const { data: history } = await world.call<{ data: { field: string; origin: string }[] }>(
      'GET',
      `/v1/tasks/${second.id}/history`,
    );
    expect(history).toEqual(
      expect.arrayContaining([expect.objectContaining({ field: 'deleted', origin: 'salesforce' })]),
    );
    const { data: conflicts } = await world.call<{ data: unknown[] }>(
      'GET',
      `/v1/salesforce/task-sync/conflicts?task_id=${first.id}`,
    );
    expect(conflicts).toMatchObject([{ field: 'Description', here: 'edited while held', winner: 'there' }]);
    expect(await alarms()).toMatchObject([{ id, state: 'confirmed', decided_by: `user:${world.team.admin.userId}` }]);
    expect((await reconcile()).counts.held_by_alarm).toBeUndefined();
    expect((await world.quietCycle()).writes).toBe(0);
  });

  it('confirms those of now, not those that vanish later', async () => {
    const purged = await make(25, 'first wave');
    await purge(purged);
    await reconcile();
    const [alarm] = await alarms('?state=open');
    await decide(alarm?.id ?? '', 'confirm');
    await world.sync();
    const later = await make(25, 'second wave');
    await purge(later);
    await reconcile();
    expect(await deletedOf(purged)).toBe(25);
    expect(await deletedOf(later)).toBe(0);
    const [second] = await alarms('?state=open');
    expect(second?.id).not.toBe(alarm?.id);
    await decide(second?.id ?? '', 'confirm');
    await world.sync();
    expect(await deletedOf(later)).toBe(25);
  });

  it('dismissed: looks again, and opens again while they are missing', async () => {
    const tasks = await make(25, 'hidden');
    const { rows } = await world.org.pool.query('DELETE FROM sf_task WHERE subject LIKE $1 RETURNING *', ['hidden %']);
    await reconcile();
    const [alarm] = await alarms('?state=open');
    const id = alarm?.id ?? '';
    expect((await decide(id, 'dismiss')).body).toMatchObject({ state: 'dismissed' });
    await world.quiesce();
    expect(await alarms('?state=open')).toMatchObject([{ id, absent: 25 }]);
    expect(await deletedOf(tasks)).toBe(0);

    // Somebody gives us sight of them again.
    for (const row of rows as Record<string, unknown>[]) {
      await world.org.pool.query('INSERT INTO sf_task SELECT * FROM jsonb_populate_record(NULL::sf_task, $1)', [
        JSON.stringify(row),
      ]);
    }
    await decide(id, 'dismiss');
    await world.quiesce();
    expect((await alarms())[0]).toMatchObject({ id, state: 'over' });
    expect(await deletedOf(tasks)).toBe(0);
    expect(await world.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({ open_alarms: 0 });
    const again = await reconcile();
    expect(again).toMatchObject({ status: 'done' });
    expect(again.counts.held_by_alarm).toBeUndefined();
  });

  it('lost View All Data: nothing is deleted, nothing can be confirmed, and it goes on by itself when given back', async () => {
    const tasks = await make(40, 'out of sight');
    await sight(false);
    const run = await reconcile();
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('View All Data') });
    const [alarm] = await alarms('?state=open');
    expect(alarm).toMatchObject({ view_all_data: false, sentence: expect.stringContaining('no “View All Data”') });
    const refused = await decide(alarm?.id ?? '', 'confirm');
    expect(refused.status).toBe(409);
    expect((refused.body as { detail: string }).detail).toContain('View All Data');

    // Changed there while nobody sees it: the pull passes by.
    const before = await world.database.dataSource.query<{ salesforce_id: string }[]>(
      'SELECT salesforce_id FROM task_links WHERE task_id = $1',
      [tasks[3]?.id],
    );
    await world.editThere(before[0]?.salesforce_id ?? '', { ActivityDate: '2026-09-01' });
    world.clock.advance(QUARTER);
    await world.sync();
    world.clock.advance(2 * QUARTER);
    await world.sync();
    expect(await deletedOf(tasks)).toBe(0);
    expect(await alarms('?state=open')).toHaveLength(1);

    await sight(true);
    world.clock.advance(QUARTER);
    await world.sync();
    expect((await alarms())[0]).toMatchObject({ id: alarm?.id, state: 'over' });
    expect(await deletedOf(tasks)).toBe(0);
    expect(await world.here(tasks[3]?.id ?? '')).toMatchObject({ due_date: '2026-09-01' });
    await world.editHere(tasks[4]?.id ?? '', { details: 'both ways' });
    await world.sync();
    expect((await world.thereOf(tasks[4]?.id ?? '')).Description).toBe('both ways');
  });

  it('lost View All Data: a single absent record is no deletion either', async () => {
    const [task] = (await make(1, 'alone')) as [HereTask];
    await sight(false);
    await world.editHere(task.id, { details: 'edited blind' });
    await world.sync();
    expect(await deletedOf([task])).toBe(0);
    expect(await alarms('?state=open')).toMatchObject([{ absent: 1, view_all_data: false }]);
    await sight(true);
    await world.recover();
    expect((await world.thereOf(task.id)).Description).toBe('edited blind');
    expect(await alarms('?state=open')).toHaveLength(0);
  });

  it('confirmed, but View All Data is lost before it is carried out: a person is asked again', async () => {
    const purged = await make(25, 'confirmed too early');
    await purge(purged);
    await reconcile();
    const [alarm] = await alarms('?state=open');
    expect((await decide(alarm?.id ?? '', 'confirm')).status).toBe(200);
    await sight(false);
    await world.quiesce();
    expect(await deletedOf(purged)).toBe(0);
    const [open] = await alarms('?state=open');
    expect(open).toMatchObject({ absent: 25, view_all_data: false });
    await sight(true);
    await decide(open?.id ?? '', 'confirm');
    await world.sync();
    expect(await deletedOf(purged)).toBe(25);
  });

  it('a first-time sync holds what vanished and reads all the rest', async () => {
    const purged = await make(25, 'gone while off');
    await world.setSync([ann], false);
    await world.sync();
    await purge(purged);
    const id = await world.createThere({ Subject: 'made while off' });
    await world.setSync([ann], true);
    await world.quiesce();
    expect(await deletedOf(purged)).toBe(0);
    expect(await world.linkedTo(id)).toHaveLength(1);
    const [alarm] = await alarms('?state=open');
    expect(alarm).toMatchObject({ absent: 25 });
    await decide(alarm?.id ?? '', 'confirm');
    await world.sync();
    expect(await deletedOf(purged)).toBe(25);
  });

  it('carries out what was confirmed of a rep whose sync is off when it is on again', async () => {
    const purged = await make(25, 'confirmed, then off');
    await purge(purged);
    await reconcile();
    const [alarm] = await alarms('?state=open');
    await decide(alarm?.id ?? '', 'confirm');
    await world.setSync([ann], false);
    await world.sync();
    expect(await deletedOf(purged)).toBe(0);
    await world.setSync([ann], true);
    await world.sync();
    expect(await deletedOf(purged)).toBe(25);
    expect(await alarms('?state=open')).toHaveLength(0);
  });

  it('takes a few purged records for deleted without asking', async () => {
    const tasks = await make(3, 'a few');
    await purge(tasks);
    expect((await reconcile()).counts).toMatchObject({ found_missed_purge: 3, repaired_missed_purge: 3 });
    expect(await deletedOf(tasks)).toBe(3);
    expect(await alarms('?state=open')).toHaveLength(0);
  });

  it('falls back to the share where the org does not tell of its permissions', async () => {
    const error = {
      status: 400,
      errorCode: 'INVALID_TYPE',
      message: 'sObject type UserPermissionAccess is not supported',
    };
    await world.fault({ path: 'UserPermissionAccess' }, { error }, { times: null });
    const few = await make(2, 'untold few');
    await purge(few);
    await reconcile();
    expect(await deletedOf(few)).toBe(2);
    await world.control('DELETE', 'faults');
  });

  it('is for admins of that team only', async () => {
    const purged = await make(25, 'whose');
    await purge(purged);
    await reconcile();
    const [alarm] = await alarms('?state=open');
    const id = alarm?.id ?? '';
    const list = await world.test.http.get('/v1/salesforce/task-sync/alarms').set(bearer(ann.key));
    expect(list.status).toBe(403);
    const other = await makeTeam(world.test, { reps: 0, name: 'Others' }).catch(() => undefined);
    for (const verb of ['confirm', 'dismiss'] as const) {
      expect((await post(`alarms/${id}/${verb}`, ann.key)).status).toBe(403);
      if (other) expect((await post(`alarms/${id}/${verb}`, other.admin.key)).status).toBe(404);
      expect((await post(`alarms/not-an-id/${verb}`, world.team.admin.key)).status).toBe(404);
    }
    expect(other).toBeDefined();
    expect(await alarms('?state=open')).toMatchObject([{ id }]);
  });
});
