import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { makeId, PREFIX } from '../../../src/sandbox/salesforce-org/ids.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

const ROWS = 100_000;
const LINKED = 3_000;
const PAGE = 2_000;
const SECOND = 1_000;
const MIB = 1 << 20;

describe('14. a mass re-stamp of 100,000 rows, linked and not', () => {
  let world: SyncWorld;
  let ann: Rep;
  let colleague: string;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    [ann] = world.reps as [Rep];
    const users = await world.control<{ id: string }[]>('GET', 'users');
    colleague = users.find(({ id }) => ![ann.salesforceId, world.integrationUserId].includes(id))?.id ?? '';
    await seed();
    await world.enrol({ reps: [ann], scope: 'open' });
    await world.sync();
  });
  afterAll(() => world.close());

  /** Of two reps, one of whom syncs; made and last changed long ago. */
  async function seed(): Promise<void> {
    const at = new Date(world.clock.now().getTime() - 40 * 24 * 3_600 * SECOND);
    await world.org.pool.query(
      `INSERT INTO sf_task (id, subject, status, priority, owner_id, description, is_closed, task_subtype,
         created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
       SELECT id, 'row ' || n, 'Not Started', 'Normal', CASE WHEN n <= $2 THEN $3 ELSE $4 END, 'as it was', false, 'Task',
         $5, $4, $5, $4, $5 FROM unnest($1::text[]) WITH ORDINALITY AS made (id, n)`,
      [idsOf(0, ROWS), LINKED, ann.salesforceId, colleague, at],
    );
    await world.org.pool.query('ANALYZE sf_task');
  }

  it('writes nothing here, imports nothing, and costs a call a page and little memory', async () => {
    expect(await count('task_links')).toBe(LINKED);
    const before = await everythingHere();
    // So long ago that the first pull meets it, and the second does not go back as far.
    const at = new Date(world.clock.now().getTime() - 55 * SECOND).toISOString();
    expect(await world.control('POST', 'restamp', { at })).toEqual({ count: ROWS });
    await world.control('DELETE', 'calls');
    world.clock.advance(31 * SECOND);
    const memory = new Memory();
    await world.test.app
      .get(Quiescence)
      .drainAllDue(240 * SECOND)
      .finally(() => memory.end());
    // Kept, the rows would be a hundred.
    expect(memory.most).toBeLessThan(24 * MIB);
    expect(memory.looks).toBeGreaterThan(3);
    const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
    // The last page is not full, so that its end is known.
    expect(byKind).toEqual({ queryAll: Math.floor(ROWS / PAGE) + 1 });
    expect(await everythingHere()).toEqual(before);
    expect(await world.quietCycle()).toEqual({ calls: 1, writes: 0 });
    expect(await everythingHere()).toEqual(before);
  }, 300_000);

  it('is read again a few times for what may have committed late, and then no more', async () => {
    const minutes = 20;
    // The first re-stamp is out of sight.
    world.clock.advance(minutes * 60 * SECOND);
    await world.quiesce();
    const before = await everythingHere();
    // A page and a little more; the first thousand are linked.
    await world.control('POST', 'restamp', { ids: idsOf(LINKED - 1_000, PAGE + 100) });
    await world.control('DELETE', 'calls');
    const polls = (minutes * 60) / 30;
    for (let poll = 0; poll < polls; poll++) {
      world.clock.advance(30 * SECOND);
      await world.quiesce();
    }
    const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
    // Twice or three times within a minute, and each tenth poll of a quarter of an hour.
    expect(byKind['queryAll']).toBeGreaterThan(polls);
    expect(byKind['queryAll']).toBeLessThanOrEqual(polls + 6);
    expect(await everythingHere()).toEqual(before);
    expect((await world.quietCycle()).writes).toBe(0);
  }, 300_000);

  const idsOf = (from: number, many: number) =>
    Array.from({ length: many }, (_, n) => makeId(PREFIX.Task, 50_000_000 + from + n));

  async function count(table: string): Promise<number> {
    const rows: { n: number }[] = await world.database.dataSource.query(`SELECT count(*)::int AS n FROM ${table}`);
    return rows[0]?.n ?? 0;
  }

  /** What a write would change: versions, history, what both sides agreed on and when. */
  async function everythingHere(): Promise<unknown> {
    const rows: unknown[] = await world.database.dataSource.query(
      `SELECT (SELECT md5(string_agg(concat_ws(' ', id, version, updated_at, xmin), ',' ORDER BY id)) FROM tasks) AS tasks,
         (SELECT count(*) FROM task_changes) AS changes,
         (SELECT md5(string_agg(l::text || xmin, ',' ORDER BY task_id)) FROM task_links l) AS links,
         (SELECT count(*) FROM sync_runs) AS runs, (SELECT count(*) FROM people) AS people`,
    );
    return rows[0];
  }
});

/** How much more is kept than at the start, seen now and then right after the garbage was collected. */
class Memory {
  looks = 0;
  most = 0;
  private readonly collect: () => void;
  private readonly start: number;
  private timer: NodeJS.Timeout;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.collect = runInNewContext('gc') as () => void;
    this.start = this.kept();
    this.timer = setTimeout(() => this.look(), 500);
  }

  end(): void {
    clearTimeout(this.timer);
    this.most = Math.max(this.most, this.kept() - this.start);
  }

  /** A third of the time at most: where other tests left much behind, each look takes seconds. */
  private look(): void {
    const started = performance.now();
    this.looks += 1;
    this.most = Math.max(this.most, this.kept() - this.start);
    this.timer = setTimeout(() => this.look(), Math.max(500, 2 * (performance.now() - started)));
  }

  private kept(): number {
    this.collect();
    return process.memoryUsage().heapUsed;
  }
}
