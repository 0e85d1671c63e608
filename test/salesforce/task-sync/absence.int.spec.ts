import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SyncWorld } from '../../support/sync-world.js';

describe('records that are not to be seen any more', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    await world.enrol();
  });
  afterAll(() => world.close());

  it('are not deleted here when an improbable share vanishes at once: the admin is told', async () => {
    const tasks = await Promise.all(
      Array.from({ length: 40 }, (_, index) => world.createHere({ name: `seen ${index}` })),
    );
    await world.sync();
    await world.control('PATCH', `users/${world.integrationUserId}`, { viewAllData: false });
    await Promise.all(tasks.map((task) => world.editHere(task.id, { details: 'edited while blind' })));
    await world.sync();
    for (const task of tasks) expect((await world.rowHere(task.id)).deleted).toBe(false);
    const { data } = await world.call<{ data: { status: string; error: string }[] }>(
      'GET',
      '/v1/salesforce/task-sync/runs?kind=push&limit=1',
    );
    expect(data).toMatchObject([{ status: 'failed', error: expect.stringContaining('View All Data') }]);

    await world.control('PATCH', `users/${world.integrationUserId}`, { viewAllData: true });
    await world.recover();
    for (const task of tasks) expect((await world.thereOf(task.id)).Description).toBe('edited while blind');
  });
});
