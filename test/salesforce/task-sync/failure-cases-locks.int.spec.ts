import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HereTask, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';

const MINUTE = 60_000;
const API = { path: '/services/data' };

describe('10. row locks', () => {
  let world: SyncWorld;
  let tasks: HereTask[];

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    await world.enrol();
    await countWrites();
  });
  afterAll(() => world.close());
  beforeEach(() => world.control('DELETE', 'faults'));

  /** How often the org wrote each record, by its own count. */
  async function countWrites(): Promise<void> {
    await world.org.pool.query(`
      CREATE TABLE written (id text PRIMARY KEY, times integer NOT NULL);
      CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO written VALUES (new.id, 1) ON CONFLICT (id) DO UPDATE SET times = written.times + 1;
        RETURN new;
      END $$;
      CREATE TRIGGER count_write AFTER INSERT OR UPDATE ON sf_task FOR EACH ROW EXECUTE FUNCTION count_write()`);
  }

  /** How many of `tasks` the org wrote so many times. */
  async function written(): Promise<Record<number, number>> {
    const { rows } = await world.org.pool.query<{ times: number; records: number }>(
      `SELECT times, count(*) AS records FROM written JOIN sf_task USING (id) WHERE subject LIKE '% of 200' GROUP BY times`,
    );
    return Object.fromEntries(rows.map(({ times, records }) => [times, records]));
  }

  async function batchSize(): Promise<number> {
    const rows: { size: number }[] = await world.database.dataSource.query(
      'SELECT batch_size AS size FROM salesforce_org_states',
    );
    return rows[0]?.size ?? 0;
  }

  const writeCalls = async () => {
    const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
    return (byKind['POST composite/sobjects'] ?? 0) + (byKind['PATCH composite/sobjects'] ?? 0);
  };
  const pushes = async (limit: number) =>
    (
      await world.call<{ data: { counts: Record<string, number> }[] }>(
        'GET',
        `/v1/salesforce/task-sync/runs?kind=push&limit=${limit}`,
      )
    ).data.map(({ counts }) => counts);
  const lock = (more: object = {}) => world.fault(API, { rows: { containing: 'locked', ...more } }, { times: null });
  const isLocked = ({ name }: HereTask) => name.startsWith('locked');

  it('on 30 of 200 creates: 170 are stored once, the 30 are sent again alone', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `${n % 20 < 3 ? 'locked' : 'free'} ${n} of 200`);
    tasks = await Promise.all(names.map((name) => world.createHere({ name })));
    expect(tasks.filter(isLocked)).toHaveLength(30);
    await lock({ timesEach: 1 });
    await world.control('DELETE', 'calls');
    await world.quiesce();
    expect(await writeCalls()).toBe(1);
    expect(await written()).toEqual({ 1: 170 });
    expect(await batchSize()).toBe(100);

    world.clock.advance(5_000);
    await world.quiesce();
    expect(await writeCalls()).toBe(2);
    expect(await pushes(2)).toMatchObject([
      { rows: 30, created: 30 },
      { rows: 200, created: 170, failed: 30 },
    ]);
    expect(await batchSize()).toBe(200);
    await expectBothSidesEqual(world);
    expect(await written()).toEqual({ 1: 200 });
  });

  it('on 30 of 200 updates: the same', async () => {
    for (const [n, task] of tasks.entries()) await world.editHere(task.id, { details: `version 2 of ${n}` });
    await lock({ timesEach: 1 });
    await world.quiesce();
    expect(await written()).toEqual({ 1: 30, 2: 170 });
    world.clock.advance(5_000);
    await world.quiesce();
    expect(await pushes(2)).toMatchObject([
      { rows: 30, updated: 30 },
      { rows: 200, updated: 170, failed: 30 },
    ]);
    await expectBothSidesEqual(world);
    expect(await written()).toEqual({ 2: 200 });
  });

  it('that last: the locked ones back off and are shown, smaller batches go, the others go on', async () => {
    const rounds = 30;
    await lock();
    for (const task of tasks.filter(isLocked)) await world.editHere(task.id, { priority: 'high' });
    await world.quiesce();
    await world.control('DELETE', 'calls');
    const sizes: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const free = tasks.filter((task) => !isLocked(task))[round];
      await world.editHere(free?.id ?? '', { details: `in round ${round}` });
      world.clock.advance(MINUTE);
      await world.quiesce();
      expect((await world.thereOf(free?.id ?? '')).Description).toBe(`in round ${round}`);
      sizes.push(await batchSize());
    }
    expect(Math.min(...sizes)).toBeLessThanOrEqual(100);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(25);
    // One slice a look at most; each look here is a minute later.
    expect(await writeCalls()).toBeLessThanOrEqual(2 * rounds);
    const [tries]: { least: number; most: number }[] = await world.database.dataSource.query(
      `SELECT min(attempts) AS least, max(attempts) AS most FROM task_links WHERE attempts > 0`,
    );
    // Pauses grow to five minutes, with jitter; an even one a minute would make 31.
    expect(tries?.least).toBeGreaterThan(5);
    expect(tries?.most).toBeLessThan(25);
    const { data } = await world.call<{ data: object[] }>('GET', '/v1/salesforce/task-sync/problems?limit=50');
    expect(data).toHaveLength(30);
    expect(data[0]).toMatchObject({ code: 'UNABLE_TO_LOCK_ROW', behaviour: 'retry', waits_for_a_person: false });

    await world.control('DELETE', 'faults');
    await world.recover();
    await expectBothSidesEqual(world);
    expect(await written()).toEqual({ 2: 140, 3: 60 });
    expect(await world.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({ problems: 0, waiting: 0 });
  });
});
