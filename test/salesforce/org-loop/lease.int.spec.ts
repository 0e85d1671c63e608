import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Pipelines } from '../../../src/platform/pipelines/pipelines.js';
import { SALESFORCE_ORG } from '../../../src/salesforce/org-loop/org-loop.js';
import { SyncWorld } from '../../support/sync-world.js';
import { until } from '../../support/until.js';

const CREATE = { method: 'POST', path: '/composite/sobjects$' };

describe('a call to the org and the lease on it', () => {
  let world: SyncWorld;
  let leaseMs: number;
  const definition = () => world.test.app.get(Pipelines).definition(SALESFORCE_ORG);
  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    await world.enrol();
    leaseMs = definition().leaseMs;
  });
  beforeEach(() => {
    definition().leaseMs = 600;
  });
  afterEach(async () => {
    definition().leaseMs = leaseMs;
    await world.control('DELETE', 'faults');
  });
  afterAll(() => world.close());

  const creates = () => world.allThere().then((tasks) => tasks.map((task) => task.Subject));

  it('a call may last longer than the lease, which is kept meanwhile', async () => {
    await world.fault(CREATE, { latencyMs: 1_500 });
    const task = await world.createHere({ name: 'slow' });
    await world.quiesce();
    expect((await world.thereOf(task.id)).Subject).toBe('slow');
  });

  it('a call ends when the lease is lost, in doubt, and whoever goes on makes no second record', async () => {
    await world.fault(CREATE, { latencyMs: 30_000 });
    const task = await world.createHere({ name: 'cut off' });
    const began = performance.now();
    const working = world.quiesce();
    await until(async () => (await world.control<{ struck: number }[]>('GET', 'faults'))[0]?.struck === 1);
    expect(await sent(task.id)).not.toBeNull();
    await world.database.dataSource.query('UPDATE lanes SET token = token + 1, lease_until = clock_timestamp()');
    await world.control('DELETE', 'faults');
    await working;
    expect(performance.now() - began).toBeLessThan(15_000);
    await world.recover();
    expect((await world.thereOf(task.id)).Subject).toBe('cut off');
    expect((await creates()).filter((name) => name === 'cut off')).toHaveLength(1);
  });

  /** What the last call carried, while its answer is not known. */
  async function sent(taskId: string): Promise<unknown> {
    const rows: { sent: unknown }[] = await world.database.dataSource.query(
      'SELECT sent FROM task_links WHERE task_id = $1',
      [taskId],
    );
    return rows[0]?.sent ?? null;
  }
});
