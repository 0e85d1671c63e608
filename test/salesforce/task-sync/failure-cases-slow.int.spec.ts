import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../support/until.js';
import { type HereTask, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';

const TIMEOUT_MS = 1_000;
// 200 records take longer than a call may, and 100; those of the next halving, 62, do not.
const PER_RECORD_MS = 13;

describe('13. flows of the org that take their time', () => {
  let world: SyncWorld;
  let tasks: HereTask[];

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1, env: { SALESFORCE_TIMEOUT_MS: String(TIMEOUT_MS) } });
    await world.enrol();
  });
  afterAll(() => world.close());

  const flows = (perRecordMs: number) => world.control('POST', 'flows', { perRecordMs });

  /** From batches as large as a collection, whatever the test before has left. Keeps how small they become. */
  async function fromLargeBatches(): Promise<void> {
    await world.database.dataSource.query(`
      UPDATE salesforce_org_states SET batch_size = 200;
      DROP TABLE IF EXISTS smallest_batch CASCADE;
      CREATE TABLE smallest_batch AS SELECT 1000 AS size;
      CREATE OR REPLACE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN UPDATE smallest_batch SET size = least(size, NEW.batch_size); RETURN NEW; END $$;
      CREATE OR REPLACE TRIGGER note_batch AFTER UPDATE OF batch_size ON salesforce_org_states
        FOR EACH ROW EXECUTE FUNCTION note_batch()`);
  }

  /** Lets pauses pass until nothing waits. */
  async function settle(): Promise<void> {
    for (let looks = 1; ; looks++) {
      await world.quiesce();
      const { waiting } = await world.call<{ waiting: number }>('GET', '/v1/salesforce/task-sync/status');
      if (waiting === 0) return;
      if (looks === 40) throw new Error(`After ${looks} looks ${waiting} tasks wait.`);
      world.clock.advance(60_000);
    }
  }

  /** The org answers at once again; what nobody waited for may still commit before. */
  async function quick(): Promise<void> {
    await flows(0);
    const open = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'`;
    await until(async () => (await world.org.pool.query(open)).rowCount === 0);
  }

  async function smallestBatch(): Promise<number> {
    const [row]: { size: number }[] = await world.database.dataSource.query('SELECT size FROM smallest_batch');
    return row?.size ?? 0;
  }

  /** Calls that ended without an answer, as the traces of the tasks keep them. */
  async function unknown(operation: string): Promise<number> {
    const rows: { n: number }[] = await world.database.dataSource.query(
      `SELECT count(*)::int AS n FROM sync_attempts WHERE outcome = 'unknown' AND operation = $1 AND code = 'TIMEOUT'`,
      [operation],
    );
    return rows[0]?.n ?? 0;
  }

  it('creates: time-outs are in doubt, batches become smaller, nothing doubles', async () => {
    tasks = await Promise.all(Array.from({ length: 200 }, (_, n) => world.createHere({ name: `slow ${n}` })));
    await flows(PER_RECORD_MS);
    await fromLargeBatches();
    await settle();
    expect(await unknown('create')).toBeGreaterThanOrEqual(200);
    expect(await smallestBatch()).toBeLessThanOrEqual(100);
    await quick();
    const there = await world.allThere();
    expect(there).toHaveLength(200);
    expect(new Set(there.map(({ Subject }) => Subject)).size).toBe(200);
    await expectBothSidesEqual(world);
  });

  it('updates and deletions: the same', async () => {
    const [deleted, ...others] = tasks;
    const ids = others.map(({ id }) => id);
    await flows(PER_RECORD_MS);
    await fromLargeBatches();
    await world.call('POST', '/v1/tasks/bulk', { ids, action: 'set_priority', priority: 'high' });
    await world.deleteHere(deleted?.id ?? '');
    await settle();
    expect(await unknown('update')).toBeGreaterThanOrEqual(199);
    expect(await smallestBatch()).toBeLessThanOrEqual(100);
    await quick();
    expect(await world.allThere(`WHERE Priority = 'High' AND IsDeleted = FALSE`)).toHaveLength(199);
    await expectBothSidesEqual(world);
  });

  describe('a create that is still on its way while its second try meets its own lock', () => {
    const values = async (id: string) => {
      const [here, there] = [await world.here(id), await world.thereOf(id)];
      return [here.name, here.details, there.Subject, there.Description];
    };

    async function edited(name: string): Promise<HereTask> {
      const task = await world.createHere({ name, details: 'v1' });
      await world.fault({ method: 'POST', body: name }, { commitLateMs: 600_000 });
      await world.quiesce();
      await world.fault({ method: 'POST', body: name }, { rows: { containing: name } });
      world.clock.advance(5_000);
      await world.quiesce();
      expect(await world.control('GET', 'state')).toMatchObject({ heldCommits: 1 });
      await world.editHere(task.id, { name: `${name}, edited`, details: 'v2' });
      return task;
    }

    it('found as a duplicate: what was edited here since is kept', async () => {
      const task = await edited('met its own lock');
      await world.control('POST', 'late-commits/release');
      await world.quiesce();
      await world.sync();
      // On a busy machine a call may end without an answer here, too.
      await settle();
      const wanted = ['met its own lock, edited', 'v2'];
      expect(await values(task.id)).toEqual([...wanted, ...wanted]);
      await expectBothSidesEqual(world);
    });

    it('met by the reader first: the same', async () => {
      const task = await edited('met by the reader');
      await world.control('POST', 'late-commits/release');
      await world.database.dataSource.query(`UPDATE task_links SET not_before = '2100-01-01' WHERE task_id = $1`, [
        task.id,
      ]);
      await world.recover();
      await world.database.dataSource.query('UPDATE task_links SET not_before = NULL');
      await world.sync();
      // On a busy machine a call may end without an answer here, too.
      await settle();
      const wanted = ['met by the reader, edited', 'v2'];
      expect(await values(task.id)).toEqual([...wanted, ...wanted]);
      await expectBothSidesEqual(world);
    });
  });
});
