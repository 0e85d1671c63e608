import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QUEUE_ID } from '../../../src/sandbox/salesforce-org/seed/people.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

const DAY = 24 * 3_600_000;

describe('which Salesforce Tasks are tasks', () => {
  let world: SyncWorld;
  let ann: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    [ann] = world.reps as [Rep];
    await world.enrol({ reps: [ann] });
  });
  afterAll(() => world.close());

  it.each([
    ['a logged email', { TaskSubtype: 'Email', Subject: 'logged email' }],
    ['a list email', { TaskSubtype: 'ListEmail', Subject: 'list email' }],
    ['a cadence step', { TaskSubtype: 'Cadence', Subject: 'cadence' }],
    ['one that was created closed', { Status: 'Completed', Subject: 'logged call', TaskSubtype: 'Call' }],
  ])('not %s', async (_, fields) => {
    const id = await world.createThere(fields);
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
  });

  it('not the master of a recurring series', async () => {
    const id = await world.createThere({ Subject: 'series' });
    await world.org.pool.query('UPDATE sf_task SET is_recurrence = true WHERE id = $1', [id]);
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
  });

  it('not one that belongs to a queue', async () => {
    const id = await world.createThere({ Subject: 'of the queue', OwnerId: QUEUE_ID });
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
  });

  it('not one that belongs to somebody who does not sync', async () => {
    const id = await world.createThere({ Subject: 'of somebody else' }, world.reps[1]);
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
  });

  it('but calls, as type Call, and all others as Custom', async () => {
    const call = await world.createThere({ Subject: 'a call to make', TaskSubtype: 'Call' });
    const other = await world.createThere({ Subject: 'something else' });
    await world.sync();
    expect(await world.hereOf(call)).toMatchObject({ type: 'call', status: 'open' });
    expect(await world.hereOf(other)).toMatchObject({ type: 'custom' });
  });

  it('a type changed here is never pushed', async () => {
    const id = await world.createThere({ Subject: 'typed' });
    await world.sync();
    const task = await world.hereOf(id);
    await world.editHere(task.id, { type: 'inmail' });
    await world.control('DELETE', 'calls');
    await world.quiesce();
    expect((await world.control<{ byKind: Record<string, number> }>('GET', 'calls')).byKind).toEqual({});
  });

  it('a re-stamp alone imports nothing that was not imported before', async () => {
    world.clock.advance(-40 * DAY);
    const id = await world.createThere({ Subject: 'old and left alone', ActivityDate: '2026-01-01' }, world.reps[1]);
    world.clock.advance(40 * DAY);
    await world.enrol({ reps: [world.reps[1] as Rep], scope: 'due' });
    expect(await world.linkedTo(id)).toEqual([]);
    await world.control('POST', 'restamp', { object: 'Task' });
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
    await world.editThere(id, { Description: 'touched' }, world.reps[1]);
    await world.sync();
    expect(await world.linkedTo(id)).toHaveLength(1);
  });
});
