import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { createTestApp } from '../../support/app.js';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const API = { path: '/services/(data|Soap)' };
/** Before the limit: the read. At it: the write. */
const FROM_THE_SECOND = { skip: 1, times: null };

/** What test/salesforce/org-loop/api-budget.int.spec.ts does not hold: limits met in the middle of work. */
describe('11. quota against concurrency', () => {
  let world: SyncWorld;
  let other: SyncWorld;
  let ann: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    other = await world.secondTeam();
    [ann] = world.reps as [Rep];
    await world.enrol({ reps: [ann] });
    await other.enrol();
  });
  afterAll(async () => {
    await other.close();
    await world.close();
  });
  beforeEach(async () => {
    await world.control('DELETE', 'faults');
    await world.control('DELETE', 'calls');
    await world.sync();
  });

  const refuse = (limit: 'daily' | 'concurrent', more: Record<string, unknown> = { times: null }) =>
    world.fault(API, { limit }, more);

  /** Requests that met the armed fault. */
  async function refused(): Promise<number> {
    const faults = await world.control<{ struck: number }[]>('GET', 'faults');
    return faults.reduce((sum, { struck }) => sum + struck, 0);
  }

  /** Requests that the org took, by what they were. */
  async function taken(): Promise<Record<string, number>> {
    return (await world.control<{ byKind: Record<string, number> }>('GET', 'calls')).byKind;
  }

  /** Lets the clock run; the other org goes on all the while. */
  async function pass(duration: number, step: number): Promise<void> {
    for (let passed = 0; passed < duration; passed += step) {
      const task = await other.createHere({ name: `beside ${passed}` });
      world.clock.advance(step);
      await world.quiesce();
      expect((await other.thereOf(task.id)).Subject).toBe(`beside ${passed}`);
    }
  }

  /** One task for each way in which it may change on either side meanwhile. */
  async function makeTasks() {
    const make = (name: string): Promise<HereTask> => world.createHere({ name });
    const tasks = {
      edited: await make('edited'),
      deleted: await make('deleted'),
      editedThere: await make('edited there'),
      deletedThere: await make('deleted there'),
      both: await make('both'),
    };
    await world.sync();
    return tasks;
  }

  async function changeAll(tasks: Awaited<ReturnType<typeof makeTasks>>, limit: string): Promise<void> {
    await world.editHere(tasks.edited.id, { details: 'while it waits' });
    await world.deleteHere(tasks.deleted.id);
    await world.editHere(tasks.both.id, { due_date: '2026-05-01' });
    await world.createHere({ name: `${limit}: made while it waits` });
    await world.editThere((await world.thereOf(tasks.both.id)).Id, { Description: 'while it waits' });
    await world.editThere((await world.thereOf(tasks.editedThere.id)).Id, { Subject: 'edited there, while it waits' });
    await world.deleteThere((await world.thereOf(tasks.deletedThere.id)).Id);
    await world.createThere({ Subject: `${limit}: made there while it waits` });
  }

  async function expectAllArrived(tasks: Awaited<ReturnType<typeof makeTasks>>, limit: string): Promise<void> {
    expect(await world.thereOf(tasks.edited.id)).toMatchObject({ Description: 'while it waits' });
    expect(await world.allThere(`WHERE Subject = 'deleted' AND IsDeleted = FALSE`)).toEqual([]);
    expect((await world.here(tasks.editedThere.id)).name).toBe('edited there, while it waits');
    expect((await world.rowHere(tasks.deletedThere.id)).deleted).toBe(true);
    expect(await world.here(tasks.both.id)).toMatchObject({ due_date: '2026-05-01', details: 'while it waits' });
    for (const subject of ['made while it waits', 'made there while it waits']) {
      const found = await world.allThere(`WHERE Subject = '${limit}: ${subject}'`);
      expect(found).toHaveLength(1);
      expect(await linked(found[0]?.Id ?? '')).toHaveLength(1);
    }
    expect((await world.call<{ data: unknown[] }>('GET', '/v1/salesforce/task-sync/problems')).data).toEqual([]);
    await expectBothSidesEqual(world);
    await expectBothSidesEqual(other);
  }

  it.each([
    ['daily', 45 * MINUTE, 5 * MINUTE, 4],
    ['concurrent', 2 * MINUTE, 5 * SECOND, 13],
  ] as const)(
    '%s, met between the read and the write of a batch: nothing is lost or doubled',
    async (limit, duration, step, most) => {
      const tasks = await makeTasks();
      await changeAll(tasks, limit);
      await refuse(limit, FROM_THE_SECOND);
      await world.control('DELETE', 'calls');
      await world.quiesce();
      // Only the read was taken; the write was refused before it began, and that is no doubt.
      expect(await taken()).toEqual({ 'POST composite/sobjects/Task': 1 });
      expect(await refused()).toBe(1);
      // Daily: a look in 15 minutes. Concurrent: one in 10 seconds.
      await pass(duration, step);
      expect(await refused()).toBeLessThanOrEqual(most);
      expect(await refused()).toBeGreaterThan(1);
      expect(await taken()).toEqual({ 'POST composite/sobjects/Task': 1 });

      await world.control('DELETE', 'faults');
      await pass(20 * MINUTE, 5 * MINUTE);
      await expectAllArrived(tasks, limit);
    },
  );

  it('daily, spent by others at one stroke: a few looks until their calls leave the window a day later', async () => {
    const tasks = await makeTasks();
    await changeAll(tasks, 'stroke');
    await world.control('POST', 'limits', { callsElsewhere: 100_000 });
    await world.control('DELETE', 'calls');
    // Strikes nothing, and counts every request.
    await world.fault(API, {}, { times: null });
    await pass(23 * 60 * MINUTE, 30 * MINUTE);
    expect(await taken()).toEqual({});
    // One in 15 minutes at most; a look here is half an hour later.
    expect(await refused()).toBeLessThanOrEqual(47);
    expect(await refused()).toBeGreaterThan(5);
    await pass(3 * 60 * MINUTE, 30 * MINUTE);
    const { peak, limit } = await world.control<{ peak: number; limit: number }>('GET', 'calls');
    expect(peak).toBeLessThanOrEqual(0.8 * limit);
    await expectAllArrived(tasks, 'stroke');
  });

  it('concurrent, for writes alone: reading goes on meanwhile', async () => {
    const task = await world.createHere({ name: 'cannot go' });
    await world.fault({ path: '/composite/sobjects$', method: 'POST' }, { limit: 'concurrent' }, { times: null });
    const id = await world.createThere({ Subject: 'arrives' });
    await pass(2 * MINUTE, 5 * SECOND);
    expect(await linked(id)).toHaveLength(1);
    // Each try reads first.
    expect(await refused()).toBeLessThanOrEqual(13);
    expect((await taken())['POST composite/sobjects/Task'] ?? 0).toBeLessThanOrEqual(13);
    await world.control('DELETE', 'faults');
    await pass(MINUTE, 5 * SECOND);
    expect((await world.thereOf(task.id)).Subject).toBe('cannot go');
    await expectBothSidesEqual(world);
  });

  it('daily, met while a record is taken out of the bin: it is taken out once, later', async () => {
    const task = await world.createHere({ name: 'restored' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.deleteHere(task.id);
    await world.sync();
    await world.act(task.id, 'restore');
    await world.fault({ path: 'Soap' }, { limit: 'daily' }, { times: null });
    await world.quiesce();
    await pass(45 * MINUTE, 5 * MINUTE);
    expect(await refused()).toBeLessThanOrEqual(4);
    expect((await world.there(Id)).IsDeleted).toBe(true);
    await world.control('DELETE', 'faults');
    await pass(20 * MINUTE, 5 * MINUTE);
    expect(await world.thereOf(task.id)).toMatchObject({ Id, IsDeleted: false });
    await expectBothSidesEqual(world);
  });

  it('daily, met in the middle of a first-time sync: it goes on with the next page, not from the start', async () => {
    const [, bob] = world.reps as [Rep, Rep];
    for (let start = 0; start < 4_200; start += 200) {
      const records = Array.from({ length: 200 }, (_, n) => ({
        attributes: { type: 'Task' },
        Subject: `before ${start + n}`,
        OwnerId: bob.salesforceId,
      }));
      await world.control('POST', `as/${bob.salesforceId}/composite/sobjects`, { records });
    }
    await world.setSync([bob], true);
    await world.control('DELETE', 'calls');
    // Page 2 of 3 is refused.
    await world.fault({ path: 'queryAll.*Id%20%3E' }, { limit: 'daily' }, { times: null });
    await world.control('DELETE', 'calls');
    await world.quiesce();
    expect(await imported()).toBe(2_000);
    const edited = await world.createThere({ Subject: 'made while it waits' }, bob);
    await pass(45 * MINUTE, 5 * MINUTE);
    expect(await refused()).toBeLessThanOrEqual(4);
    expect(await imported()).toBe(2_000);
    await world.control('DELETE', 'faults');
    await pass(20 * MINUTE, 5 * MINUTE);
    expect(await imported()).toBe(4_200);
    expect(await linked(edited)).toHaveLength(1);
    const runs = await world.call<{ data: { status: string; done: number }[] }>(
      'GET',
      '/v1/salesforce/task-sync/runs?kind=first_sync&limit=1',
    );
    // One that was made meanwhile is met by this run, too.
    expect(runs.data).toMatchObject([{ status: 'done', done: 4_201 }]);
    await expectBothSidesEqual(world);
  });

  it('a spent limit is every worker’s: another process does not ask either', async () => {
    await refuse('daily');
    await world.createHere({ name: 'waits' });
    await world.quiesce();
    expect(await refused()).toBe(1);
    const second = await createTestApp({
      ...{ database: world.database, clock: world.clock },
      env: { SALESFORCE_LOGIN_HOSTS: world.org.url },
    });
    try {
      for (let minute = 0; minute < 14; minute++) {
        world.clock.advance(MINUTE);
        await second.app.get(Quiescence).drainAllDue();
      }
      expect(await refused()).toBe(1);
      world.clock.advance(2 * MINUTE);
      await second.app.get(Quiescence).drainAllDue();
      expect(await refused()).toBe(2);
      await world.control('DELETE', 'faults');
      world.clock.advance(16 * MINUTE);
      await second.app.get(Quiescence).drainAllDue();
    } finally {
      await second.close();
    }
    expect(await world.allThere(`WHERE Subject = 'waits'`)).toHaveLength(1);
    await expectBothSidesEqual(world);
  });

  /** Tasks of this team: the other org gives its records the same ids. */
  async function linked(salesforceId: string): Promise<unknown[]> {
    const sql = 'SELECT 1 FROM task_links WHERE team_id = $1 AND salesforce_id = $2';
    return world.database.dataSource.query(sql, [world.team.teamId, salesforceId]);
  }

  async function imported(): Promise<number> {
    const rows: { n: number }[] = await world.database.dataSource.query(
      `SELECT count(*)::int AS n FROM tasks WHERE name LIKE 'before %'`,
    );
    return rows[0]?.n ?? 0;
  }
});
