import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readThere } from '../../../src/sandbox/start/compare-read.js';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';

describe('tasks that change hands while their reps turn the sync on and off', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;
  let eve: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 3 });
    [ann, bob, eve] = world.reps as [Rep, Rep, Rep];
  });
  afterAll(() => world.close());
  // Ann and Bob sync, Eve does not.
  beforeEach(async () => {
    await world.control('DELETE', 'faults');
    await world.setSync([eve], false);
    await world.enrol({ reps: [ann, bob] });
    await world.sync();
  });

  async function synced(name: string, owner: Rep = ann): Promise<{ task: HereTask; id: string }> {
    const task = await world.createHere({ name }, owner);
    await world.sync();
    return { task, id: (await world.thereOf(task.id)).Id };
  }

  const give = (id: string, to: Rep) => world.editHere(id, { assignee_id: to.userId });
  const giveThere = (id: string, to: Rep) => world.editThere(id, { OwnerId: to.salesforceId }, ann);
  const hereNamed = async (name: string): Promise<string[]> => {
    const sql = 'SELECT id FROM tasks WHERE name = $1 AND deleted_at IS NULL';
    const rows: { id: string }[] = await world.database.dataSource.query(sql, [name]);
    return rows.map(({ id }) => id);
  };
  const ownerHere = async (id: string) => (await world.rowHere(id)).assignee_id;

  it('a rep who is turned on later has what went to them meanwhile, from both sides, with the edits since', async () => {
    const fromHere = await synced('given here');
    const fromThere = await synced('given there');
    await give(fromHere.task.id, eve);
    await giveThere(fromThere.id, eve);
    await world.sync();
    await world.editHere(fromHere.task.id, { due_date: '2026-05-01' });
    await world.editThere(fromHere.id, { Description: 'by eve there' }, eve);
    await world.editThere(fromThere.id, { Description: 'by eve there, too' }, eve);
    await world.sync();

    await world.enrol({ reps: [eve], scope: 'recent' });
    await world.sync();
    for (const { task, id } of [fromHere, fromThere]) {
      expect(await world.rowHere(task.id)).toEqual({ away: false, deleted: false, assignee_id: eve.userId });
      expect(await world.linkedTo(id)).toEqual([task.id]);
      expect((await world.there(id)).OwnerId).toBe(eve.salesforceId);
    }
    expect(await world.here(fromHere.task.id)).toMatchObject({ due_date: '2026-05-01', details: 'by eve there' });
    expect(await world.there(fromHere.id)).toMatchObject({ ActivityDate: '2026-05-01' });
    expect(await world.here(fromThere.task.id)).toMatchObject({ details: 'by eve there, too' });
    await expectBothSidesEqual(world);
  });

  it('off and on: the gap is merged in both directions, with deletions and changes of hands', async () => {
    const names = [
      'edited',
      'deleted here',
      'deleted there',
      'to bob here',
      'to bob there',
      'to eve there',
      'both delete',
    ];
    const made = new Map<string, { task: HereTask; id: string }>();
    for (const name of names) made.set(name, await synced(`gap: ${name}`));
    const gap = (name: string) => made.get(name) as { task: HereTask; id: string };
    const toAnn = await world.createThere({ Subject: 'gap: to ann there' }, eve);
    await world.sync();

    await world.setSync([ann], false);
    await world.editHere(gap('edited').task.id, { due_date: '2026-05-01' });
    await world.editThere(gap('edited').id, { Description: 'edited there' });
    await world.deleteHere(gap('deleted here').task.id);
    await world.deleteThere(gap('deleted there').id);
    await world.deleteHere(gap('both delete').task.id);
    await world.deleteThere(gap('both delete').id);
    await give(gap('to bob here').task.id, bob);
    await giveThere(gap('to bob there').id, bob);
    await giveThere(gap('to eve there').id, eve);
    await world.editThere(toAnn, { OwnerId: ann.salesforceId }, eve);
    const before = await world.createHere({ name: 'gap: made here' });
    const thereMeanwhile = await world.createThere({ Subject: 'gap: made there' });
    await world.sync();
    // What now belongs to somebody who syncs moves; what is Ann's stands still.
    expect((await world.there(gap('to bob here').id)).OwnerId).toBe(bob.salesforceId);
    expect(await ownerHere(gap('to bob there').task.id)).toBe(bob.userId);
    expect((await world.there(gap('edited').id)).ActivityDate).toBeNull();
    expect(await world.rowHere(gap('deleted there').task.id)).toMatchObject({ deleted: false });
    expect((await world.there(gap('deleted here').id)).IsDeleted).toBe(false);
    expect(await world.rowHere(gap('to eve there').task.id)).toMatchObject({ away: false });

    await world.enrol({ reps: [ann] });
    await world.sync();
    expect(await world.here(gap('edited').task.id)).toMatchObject({ details: 'edited there', due_date: '2026-05-01' });
    expect(await world.there(gap('edited').id)).toMatchObject({ ActivityDate: '2026-05-01' });
    expect((await world.there(gap('deleted here').id)).IsDeleted).toBe(true);
    expect(await world.rowHere(gap('deleted there').task.id)).toMatchObject({ deleted: true });
    expect(await world.rowHere(gap('to eve there').task.id)).toMatchObject({ away: true });
    for (const id of [toAnn, thereMeanwhile]) expect(await world.linkedTo(id)).toHaveLength(1);
    // Made while it was off: it never goes by itself.
    expect((await world.here(before.id)).salesforce).toBeNull();
    expect(await hereNamed('gap: to ann there')).toHaveLength(1);
    await expectBothSidesEqual(world);
  });

  it('the owner is turned off while the task is away: on again it comes back to the same task', async () => {
    const { task, id } = await synced('away and off');
    await giveThere(id, eve);
    await world.sync();
    await world.setSync([ann], false);
    await world.editThere(id, { Description: 'by eve' }, eve);
    await giveThere(id, ann);
    await world.sync();
    await world.enrol({ reps: [ann] });
    await world.sync();
    expect(await world.rowHere(task.id)).toEqual({ away: false, deleted: false, assignee_id: ann.userId });
    expect(await world.here(task.id)).toMatchObject({ details: 'by eve' });
    expect(await hereNamed('away and off')).toEqual([task.id]);
    await expectBothSidesEqual(world);
  });

  it('both are off, and their tasks are swapped on both sides: on again each has what the last choice was', async () => {
    const [first, second] = [await synced('off: ann to bob', ann), await synced('off: bob to ann', bob)];
    await world.setSync([ann, bob], false);
    await give(first.task.id, bob);
    await giveThere(second.id, ann);
    await world.sync();
    await world.enrol({ reps: [ann, bob] });
    await world.sync();
    expect((await world.there(first.id)).OwnerId).toBe(bob.salesforceId);
    expect(await ownerHere(first.task.id)).toBe(bob.userId);
    expect((await world.there(second.id)).OwnerId).toBe(ann.salesforceId);
    expect(await ownerHere(second.task.id)).toBe(ann.userId);
    await expectBothSidesEqual(world);
  });
});

describe('a first-time sync that is cancelled', () => {
  const TASKS = 4_200;
  let world: SyncWorld;
  let eve: Rep;

  beforeEach(async () => {
    world = await SyncWorld.create({ reps: 1 });
    [eve] = world.reps as [Rep];
  });
  afterEach(() => world.close());

  /** Stands after its first page of three, and is cancelled there. */
  async function cancelAfterAPage(): Promise<void> {
    for (let start = 0; start < TASKS; start += 200) {
      const records = Array.from({ length: 200 }, (_, n) => ({
        attributes: { type: 'Task' },
        Subject: `before ${start + n}`,
        OwnerId: eve.salesforceId,
      }));
      await world.control('POST', `as/${eve.salesforceId}/composite/sobjects`, { records });
    }
    // Older than what the pull would import by itself.
    world.clock.advance(40 * 24 * 3_600_000);
    await world.setSync([eve], true);
    await world.fault({ path: 'queryAll.*Id%20%3E' }, { limit: 'concurrent' }, { times: null });
    await world.quiesce();
    expect(await enrolment()).toMatchObject({ state: 'reading' });
    await world.call('POST', `/v1/salesforce/task-sync/runs/${(await enrolment()).run_id}/cancel`, {});
    await world.control('DELETE', 'faults');
    await world.sync();
    // What it had imported stays, and no more comes.
    expect(await imported()).toBe(2_000);
    expect(await enrolment()).toMatchObject({ state: 'cancelled' });
  }

  async function enrolment(): Promise<{ state: string; run_id: string }> {
    const path = '/v1/salesforce/task-sync/users';
    const [row] = await world.call<{ state: string; run_id: string }[]>('GET', path);
    return row ?? { state: 'none', run_id: '' };
  }

  async function imported(): Promise<number> {
    const [row]: { n: number }[] = await world.database.dataSource.query('SELECT count(*)::int AS n FROM tasks');
    return row?.n ?? 0;
  }

  it.each([
    ['on again', [true]],
    ['off and on again', [false, true]],
  ])('%s: the rest comes, nothing doubles, and what changed meanwhile is merged', async (_, steps) => {
    await cancelAfterAPage();
    const [task]: { id: string; name: string }[] = await world.database.dataSource.query(
      'SELECT id, name FROM tasks ORDER BY id LIMIT 1',
    );
    await world.editHere(task?.id ?? '', { details: 'edited here' });
    await world.editThere((await world.thereOf(task?.id ?? '')).Id, { ActivityDate: '2026-07-07' }, eve);
    for (const enabled of steps) await world.setSync([eve], enabled);
    await world.quiesce();
    await world.sync();
    expect(await enrolment()).toMatchObject({ state: 'synced' });
    expect(await imported()).toBe(TASKS);
    expect(await world.here(task?.id ?? '')).toMatchObject({ details: 'edited here', due_date: '2026-07-07' });
    await expectBothSidesEqual(world, { thereBefore: await readThere(world.orgDatabase.url) });
  });
});
