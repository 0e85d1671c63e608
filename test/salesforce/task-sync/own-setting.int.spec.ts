import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

let world: SyncWorld;
let rep: Rep;
beforeAll(async () => {
  world = await SyncWorld.create({ reps: 2 });
  rep = world.reps[0]!;
});
afterAll(() => world.close());

const own = (as = rep) => world.call<object>('GET', '/v1/salesforce/task-sync/me', undefined, as);
const turn = (enabled: boolean) => world.call('PUT', '/v1/salesforce/task-sync/me', { enabled }, rep);

describe('a rep’s own setting', () => {
  it('is off at first, and says who one is in Salesforce', async () => {
    expect(await own()).toEqual({
      ...{ state: 'off', locked: false, scope: null, enrolled_at: null, turned_off_at: null, first_sync: null },
      salesforce_username: 'x',
    });
    await world.database.dataSource.query('DELETE FROM salesforce_user_matches WHERE user_id = $1', [
      world.reps[1]!.userId,
    ]);
    expect(await own(world.reps[1])).toMatchObject({ state: 'off', salesforce_username: null });
  });

  it('follows the first-time sync, and says since when it is on or off', async () => {
    await world.createThere({ Subject: 'there' }, rep);
    await turn(true);
    expect(await own()).toMatchObject({ state: 'queued', scope: 'due' });
    await world.sync();
    expect(await own()).toMatchObject({ state: 'synced', enrolled_at: '2026-03-04T10:00:00.000Z', first_sync: null });
    await turn(false);
    expect(await own()).toMatchObject({ state: 'off', turned_off_at: world.clock.now().toISOString() });
  });

  it('says that an admin decides', async () => {
    const body = { user_ids: [rep.userId], enabled: true, locked: true };
    await world.call('PUT', '/v1/salesforce/task-sync/users', body);
    expect(await own()).toMatchObject({ state: 'queued', locked: true });
  });
});
