import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';
import { found, reconcile, type Run } from './reconciling.js';

const DAY = 24 * 3_600_000;

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
