import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HereTask, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';

const MINUTE = 60_000;

describe.each([
  ['10 minutes ahead', -10 * MINUTE],
  ['10 minutes behind', 10 * MINUTE],
])('our clock is %s', (_, orgOffsetMs) => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    await world.control('POST', 'clock', { offsetMs: orgOffsetMs });
    await world.enrol();
    await world.sync();
  });
  afterAll(() => world.close());

  const conflicts = async ({ id }: HereTask) =>
    (await world.call<{ data: object[] }>('GET', `/v1/salesforce/task-sync/conflicts?task_id=${id}`)).data;

  /** A task of which both sides change one field, five seconds apart. */
  async function changed(name: string, first: 'here' | 'there'): Promise<{ task: HereTask; id: string }> {
    const task = await world.createHere({ name });
    await world.sync();
    const { Id: id } = await world.thereOf(task.id);
    const here = () => world.editHere(task.id, { due_date: '2026-07-01' });
    const there = () => world.editThere(id, { ActivityDate: '2026-08-01' });
    await (first === 'here' ? here() : there());
    world.clock.advance(5_000);
    await (first === 'here' ? there() : here());
    await world.sync();
    return { task, id };
  }

  it('the later change wins by real time: theirs', async () => {
    const { task, id } = await changed('theirs is later', 'here');
    expect(await world.here(task.id)).toMatchObject({ due_date: '2026-08-01' });
    expect(await world.there(id)).toMatchObject({ ActivityDate: '2026-08-01' });
    expect(await conflicts(task)).toMatchObject([{ winner: 'there', here: '2026-07-01', there: '2026-08-01' }]);
    await expectBothSidesEqual(world);
  });

  it('the later change wins by real time: ours', async () => {
    const { task, id } = await changed('ours is later', 'there');
    expect(await world.here(task.id)).toMatchObject({ due_date: '2026-07-01' });
    expect(await world.there(id)).toMatchObject({ ActivityDate: '2026-07-01' });
    expect(await conflicts(task)).toMatchObject([{ winner: 'here', here: '2026-07-01', there: '2026-08-01' }]);
    await expectBothSidesEqual(world);
  });

  it('the times of a conflict are told in one clock', async () => {
    const { task } = await changed('when', 'here');
    const [conflict] = (await conflicts(task)) as { here_changed_at: string; there_changed_at: string }[];
    const apart = Date.parse(conflict?.there_changed_at ?? '') - Date.parse(conflict?.here_changed_at ?? '');
    // Whole seconds, and what the measuring of the difference leaves.
    expect(Math.abs(apart - 5_000)).toBeLessThanOrEqual(2_000);
  });

  it('the cursor misses nothing, late commits included, and takes nothing twice', async () => {
    const made: string[] = [];
    for (let round = 0; round < 12; round++) {
      made.push(await world.createThere({ Subject: `in round ${round}` }));
      const [rep] = world.reps;
      const { id } = await world.control<{ id: string }>(
        'POST',
        `as/${rep?.salesforceId}/sobjects/Task?stampBackMs=45000`,
        { Subject: `late in round ${round}`, OwnerId: rep?.salesforceId },
      );
      made.push(id);
      if (round > 2) await world.editThere(made[2 * (round - 2)] ?? '', { Description: `edited in round ${round}` });
      world.clock.advance(31_000);
      await world.quiesce();
    }
    await world.sync();
    for (const id of made) expect(await world.linkedTo(id)).toHaveLength(1);
    expect(await world.hereOf(made[2] ?? '')).toMatchObject({ details: 'edited in round 3' });
    await expectBothSidesEqual(world);
  });

  it('deletions and creates on both sides arrive', async () => {
    const [ofOurs, ofTheirs] = [
      await world.createHere({ name: 'goes here' }),
      await world.createHere({ name: 'goes there' }),
    ];
    await world.sync();
    const { Id } = await world.thereOf(ofTheirs.id);
    await world.deleteHere(ofOurs.id);
    await world.deleteThere(Id);
    const made = await world.createHere({ name: 'made meanwhile' });
    await world.sync();
    expect((await world.rowHere(ofTheirs.id)).deleted).toBe(true);
    expect(await world.allThere(`WHERE Subject = 'goes here' AND IsDeleted = FALSE`)).toEqual([]);
    expect((await world.thereOf(made.id)).Subject).toBe('made meanwhile');
    await expectBothSidesEqual(world);
  });

  it('a lost answer is settled, and neither clock makes it an edit of somebody', async () => {
    const task = await world.createHere({ name: 'lost', details: 'one' });
    await world.fault({ method: 'POST', body: 'lost' }, { cut: 'after' });
    await world.quiesce();
    await world.editHere(task.id, { details: 'two' });
    await world.recover();
    expect(await world.thereOf(task.id)).toMatchObject({ Description: 'two' });
    expect(await conflicts(task)).toEqual([]);
    await expectBothSidesEqual(world);
  });

  it('is set right: nothing is lost on the way', async () => {
    const before = await world.createThere({ Subject: 'just before' });
    // The org's time runs on; ours jumps, and what was planned by it with it.
    world.clock.advance(orgOffsetMs);
    await world.control('POST', 'clock', { offsetMs: 0 });
    const task = await world.createHere({ name: 'right after' });
    const after = await world.createThere({ Subject: 'just after' });
    await world.quiesce();
    // What was made here does not wait for the clock to come again to where it was.
    expect((await world.thereOf(task.id)).Subject).toBe('right after');
    for (let minute = 0; minute < 11; minute++) {
      world.clock.advance(MINUTE);
      await world.quiesce();
    }
    for (const id of [before, after]) expect(await world.linkedTo(id)).toHaveLength(1);
    const { task: second, id } = await changed('after it was set right', 'there');
    expect(await world.here(second.id)).toMatchObject({ due_date: '2026-07-01' });
    expect(await world.there(id)).toMatchObject({ ActivityDate: '2026-07-01' });
    await expectBothSidesEqual(world);
  });
});
