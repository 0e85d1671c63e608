import { afterEach, describe, expect, it } from '@jest/globals';
import { makeUser } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

let world: SyncWorld;
let leaver: Rep;
let heir: Rep;

afterEach(() => world.close());

async function begin(): Promise<void> {
  world = await SyncWorld.create({ reps: 2 });
  [leaver, heir] = world.reps as [Rep, Rep];
}

interface Deactivation {
  holds: { kind: string; held: number; moved: number; kept: number }[];
  hand_over: { state: string; kept_because: string | null };
}

const deactivate = (userId: string, to?: string) =>
  world.call('POST', `/v1/users/${userId}/deactivation`, to === undefined ? {} : { hand_over_to: to });
const look = () => world.call<Deactivation>('GET', `/v1/users/${leaver.userId}/deactivation`);
const syncOf = async ({ userId }: Rep) => {
  const rows = await world.call<{ user_id: string; state: string }[]>('GET', '/v1/salesforce/task-sync/users');
  return rows.find((row) => row.user_id === userId)?.state;
};

describe('a rep who syncs and leaves', () => {
  it('hands their tasks over in Salesforce too, and syncs no more', async () => {
    await begin();
    await world.enrol();
    const task = await world.createHere({ name: 'Call Grace' }, leaver);
    await world.sync();
    await deactivate(leaver.userId, heir.userId);
    await world.sync();
    expect(await world.thereOf(task.id)).toMatchObject({ OwnerId: heir.salesforceId });
    expect(await world.here(task.id)).toMatchObject({ assignee: { id: heir.userId } });
    expect([await syncOf(leaver), await syncOf(heir)]).toEqual(['off', 'synced']);

    // What is given to them in Salesforce from now on is nobody's here.
    const late = await world.createThere({ Subject: 'late' }, leaver);
    await world.sync();
    expect(await world.linkedTo(late)).toEqual([]);
    // And the task goes on both ways, in the heir's name.
    await world.editThere((await world.thereOf(task.id)).Id, { Subject: 'Call Grace today' }, heir);
    await world.sync();
    expect(await world.here(task.id)).toMatchObject({ name: 'Call Grace today' });
    expect(await world.quietCycle()).toMatchObject({ writes: 0 });
  });

  it('keeps what the heir cannot take: a task that is in Salesforce needs somebody who is there too', async () => {
    await begin();
    const before = await world.createHere({ name: 'from before the sync' }, leaver);
    await world.enrol();
    const synced = await world.createHere({ name: 'in Salesforce' }, leaver);
    await world.sync();
    const stranger = await makeUser(world.test, world.team.teamId);
    await deactivate(leaver.userId, stranger.userId);
    await world.sync();
    const { holds, hand_over: handOver } = await look();
    expect(holds.find(({ kind }) => kind === 'tasks')).toEqual({ kind: 'tasks', held: 1, moved: 1, kept: 1 });
    expect(handOver).toMatchObject({ state: 'done', kept_because: expect.stringContaining('Salesforce') });
    expect(await world.here(before.id)).toMatchObject({ assignee: { id: stranger.userId } });
    expect(await world.here(synced.id)).toMatchObject({ assignee: { id: leaver.userId } });
    expect(await world.thereOf(synced.id)).toMatchObject({ OwnerId: leaver.salesforceId });

    // The cure: to somebody who is in Salesforce.
    await deactivate(leaver.userId, heir.userId);
    await world.sync();
    expect(await world.thereOf(synced.id)).toMatchObject({ OwnerId: heir.salesforceId });
  });

  it('without an heir: their tasks stand still on both sides, also where an admin had locked the setting', async () => {
    await begin();
    await world.enrol();
    const task = await world.createHere({ name: 'Stays' }, leaver);
    await world.sync();
    const locked = { user_ids: [leaver.userId], enabled: true, locked: true };
    await world.call('PUT', '/v1/salesforce/task-sync/users', locked);
    await deactivate(leaver.userId);
    await world.editThere((await world.thereOf(task.id)).Id, { Subject: 'Changed there' }, leaver);
    await world.sync();
    expect(await syncOf(leaver)).toBe('off');
    expect(await world.here(task.id)).toMatchObject({ name: 'Stays' });
  });
});
