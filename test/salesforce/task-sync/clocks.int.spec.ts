import { afterEach, describe, expect, it } from '@jest/globals';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

describe('clocks that differ', () => {
  let world: SyncWorld;
  afterEach(() => world.close());

  it.each([
    ['ahead of', -40],
    ['behind', 40],
  ])('ours %s the org’s at the enrolment: nothing made meanwhile is missed', async (_, offsetMinutes) => {
    world = await SyncWorld.create({ reps: 1 });
    const [ann] = world.reps as [Rep];
    await world.control('POST', 'clock', { offsetMs: offsetMinutes * 60_000 });
    await world.enrol();
    const made: string[] = [];
    for (let round = 0; round < 3; round++) {
      made.push(await world.createThere({ Subject: `made in round ${round}` }, ann));
      world.clock.advance(31_000);
      await world.quiesce();
    }
    await world.sync();
    for (const id of made) expect(await world.linkedTo(id)).toHaveLength(1);
  });

  it('the later change wins by real time, not by what the clocks say', async () => {
    world = await SyncWorld.create({ reps: 1 });
    await world.control('POST', 'clock', { offsetMs: 10 * 60_000 });
    await world.enrol();
    const task = await world.createHere({ name: 'whose clock' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.editThere(Id, { ActivityDate: '2026-08-01' });
    world.clock.advance(5_000);
    await world.editHere(task.id, { due_date: '2026-07-01' });
    await world.sync();
    expect((await world.there(Id)).ActivityDate).toBe('2026-07-01');
    expect((await world.here(task.id)).due_date).toBe('2026-07-01');
  });
});
