import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

/** Faults that the best-known products document, provoked here and survived. */
describe('the task sync under faults', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    [ann, bob] = world.reps as [Rep, Rep];
    await world.enrol();
  });
  afterAll(() => world.close());
  beforeEach(() => world.control('DELETE', 'faults'));

  const subjectCount = async (subject: string) =>
    (await world.allThere(`WHERE Subject = '${subject}' AND IsDeleted = FALSE`)).length;

  describe('1. the answer to a create is lost', () => {
    it('makes exactly one Task, linked', async () => {
      const task = await world.createHere({ name: 'lost answer' });
      await world.fault({ method: 'POST', body: 'lost answer' }, { cut: 'after' });
      await world.quiesce();
      await world.recover();
      expect(await subjectCount('lost answer')).toBe(1);
      expect((await world.thereOf(task.id)).Subject).toBe('lost answer');
    });

    it('also for a whole batch', async () => {
      const names = Array.from({ length: 230 }, (_, index) => `batch ${index}`);
      const tasks = await Promise.all(names.map((name) => world.createHere({ name })));
      await world.fault({ method: 'POST', body: 'batch 0' }, { cut: 'after' });
      await world.quiesce();
      await world.recover();
      const there = await world.allThere(`WHERE Subject LIKE 'batch %'`);
      expect(there).toHaveLength(230);
      expect(new Set(there.map((task) => task.Subject)).size).toBe(230);
      for (const task of tasks.slice(0, 5)) expect((await world.here(task.id)).salesforce?.state).toBe('synced');
    });

    it('takes over what somebody edited there before the answer was known', async () => {
      const task = await world.createHere({ name: 'edited before known', details: 'mine' });
      await world.fault({ method: 'POST', body: 'edited before known' }, { cut: 'after' });
      await world.quiesce();
      const [made] = await world.allThere(`WHERE Subject = 'edited before known'`);
      world.clock.advance(2_000);
      await world.editThere(made?.Id ?? '', { ActivityDate: '2026-06-01' });
      await world.recover();
      expect(await subjectCount('edited before known')).toBe(1);
      expect(await world.here(task.id)).toMatchObject({ due_date: '2026-06-01', details: 'mine' });
    });
  });

  describe('2. a crash between their commit and our write of the id', () => {
    it('makes no second task here when the reader meets the row first', async () => {
      const task = await world.createHere({ name: 'crashed between' });
      await world.fault({ method: 'POST', body: 'crashed between' }, { cut: 'after' });
      await world.quiesce();
      // As a crash leaves it: stored as sent, no answer. The pull runs before anything is pushed again.
      await world.database.dataSource.query(`UPDATE task_links SET not_before = '2100-01-01' WHERE task_id = $1`, [
        task.id,
      ]);
      const [made] = await world.allThere(`WHERE Subject = 'crashed between'`);
      await world.recover();
      expect(await world.linkedTo(made?.Id ?? '')).toEqual([task.id]);
      expect(await subjectCount('crashed between')).toBe(1);
    });
  });

  describe('5. commits that come late, and many with one stamp', () => {
    it('sees a row that appears below the cursor within one overlap, once', async () => {
      await world.sync();
      const { id } = await world.control<{ id: string }>(
        'POST',
        `as/${ann.salesforceId}/sobjects/Task?stampBackMs=45000`,
        { Subject: 'came late', OwnerId: ann.salesforceId },
      );
      await world.sync();
      expect(await world.linkedTo(id)).toHaveLength(1);
      const found = await world.call<{ data: { name: string }[] }>(
        'GET',
        '/v1/tasks?view=all&q=came%20late',
        undefined,
        ann,
      );
      expect(found.data).toHaveLength(1);
    });

    it('reads 5,000 rows of one second over several pages, each once', async () => {
      for (let start = 0; start < 5_000; start += 200) {
        const records = Array.from({ length: 200 }, (_, index) => ({
          attributes: { type: 'Task' },
          Subject: `same second ${start + index}`,
          OwnerId: ann.salesforceId,
        }));
        await world.control('POST', `as/${ann.salesforceId}/composite/sobjects`, { records });
      }
      await world.sync();
      const [counted]: { n: string }[] = await world.database.dataSource.query(
        `SELECT count(*) AS n FROM tasks WHERE name LIKE 'same second %'`,
      );
      expect(Number(counted?.n)).toBe(5_000);
    }, 120_000);
  });

  describe('6. the echo of our own writes', () => {
    it('writes nothing, whatever Salesforce normalises', async () => {
      const texts = ['  padded  ', 'line one\r\nline two', '   ', 'x'.repeat(32_000), null];
      for (const [index, details] of texts.entries()) await world.createHere({ name: ` echo ${index} `, details });
      await world.createHere({ name: 'n'.repeat(400) });
      await world.createHere({ name: 'two\nlines' });
      await world.sync();
      expect((await world.quietCycle()).writes).toBe(0);
      expect((await world.quietCycle()).writes).toBe(0);
    });
  });

  describe('7. both sides at once', () => {
    it('keeps changes of different fields', async () => {
      const task = await world.createHere({ name: 'different fields' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.editHere(task.id, { due_date: '2026-07-01' });
      await world.editThere(Id, { Description: 'from there' });
      await world.sync();
      expect(await world.here(task.id)).toMatchObject({ due_date: '2026-07-01', details: 'from there' });
      expect(await world.there(Id)).toMatchObject({ ActivityDate: '2026-07-01', Description: 'from there' });
    });

    it('decides by the later change when the same field changed, and keeps the loser', async () => {
      const task = await world.createHere({ name: 'same field' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.editHere(task.id, { due_date: '2026-07-01' });
      world.clock.advance(5_000);
      await world.editThere(Id, { ActivityDate: '2026-08-01' });
      await world.sync();
      expect((await world.here(task.id)).due_date).toBe('2026-08-01');
      expect((await world.there(Id)).ActivityDate).toBe('2026-08-01');
      const { data } = await world.call<{ data: { here: string; winner: string }[] }>(
        'GET',
        `/v1/salesforce/task-sync/conflicts?task_id=${task.id}`,
      );
      expect(data).toMatchObject([{ field: 'ActivityDate', winner: 'there', here: '2026-07-01', there: '2026-08-01' }]);
    });

    it('never shows the older of two quick edits again', async () => {
      const task = await world.createHere({ name: 'flip v0' });
      await world.sync();
      await world.editHere(task.id, { name: 'flip v1' });
      await world.fault({ method: 'POST|PATCH', body: 'flip v1' }, { cut: 'after' });
      await world.quiesce();
      await world.editHere(task.id, { name: 'flip v2' });
      await world.recover();
      expect((await world.here(task.id)).name).toBe('flip v2');
      expect((await world.thereOf(task.id)).Subject).toBe('flip v2');
      const { data } = await world.call<{ data: { field: string; new: string | null }[] }>(
        'GET',
        `/v1/tasks/${task.id}/history`,
      );
      expect(
        data
          .filter((entry) => entry.field === 'name')
          .map((entry) => entry.new)
          .sort(),
      ).toEqual(['flip v1', 'flip v2']);
    });
  });

  describe('8. deletions', () => {
    it('deletes there what was deleted here, over an edit there, and keeps the edit', async () => {
      const task = await world.createHere({ name: 'deleted here' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.deleteHere(task.id);
      await world.editThere(Id, { Description: 'edited there' });
      await world.sync();
      expect((await world.there(Id)).IsDeleted).toBe(true);
      const { data } = await world.call<{ data: { there: string }[] }>(
        'GET',
        `/v1/salesforce/task-sync/conflicts?task_id=${task.id}`,
      );
      expect(data).toMatchObject([{ field: 'Description', there: 'edited there', winner: 'here' }]);
    });

    it('deletes here what was deleted there, over an edit here, and keeps the edit', async () => {
      const task = await world.createHere({ name: 'deleted there' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.editHere(task.id, { details: 'edited here' });
      await world.deleteThere(Id);
      await world.sync();
      expect((await world.rowHere(task.id)).deleted).toBe(true);
      const { data } = await world.call<{ data: { here: string }[] }>(
        'GET',
        `/v1/salesforce/task-sync/conflicts?task_id=${task.id}`,
      );
      expect(data).toMatchObject([{ field: 'Description', here: 'edited here', winner: 'there' }]);
    });

    it('brings back there what is restored here, under the same id while the bin has it', async () => {
      const task = await world.createHere({ name: 'restored here' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.deleteHere(task.id);
      await world.sync();
      await world.act(task.id, 'restore');
      await world.sync();
      expect(await world.there(Id)).toMatchObject({ IsDeleted: false, Subject: 'restored here' });
    });

    it('makes it anew, once, when the bin was emptied', async () => {
      const task = await world.createHere({ name: 'restored after the bin' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.deleteHere(task.id);
      await world.sync();
      await world.control('POST', 'recycle-bin/empty', { ids: [Id] });
      await world.act(task.id, 'restore');
      await world.sync();
      const again = await world.thereOf(task.id);
      expect(again.Id).not.toBe(Id);
      expect(await subjectCount('restored after the bin')).toBe(1);
    });

    it('brings back here what is undeleted there', async () => {
      const task = await world.createHere({ name: 'undeleted there' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.deleteThere(Id);
      await world.sync();
      expect((await world.rowHere(task.id)).deleted).toBe(true);
      await world.undeleteThere(Id);
      await world.sync();
      expect((await world.rowHere(task.id)).deleted).toBe(false);
    });

    it('takes a hard deletion for one when the record is next asked for by its id', async () => {
      const task = await world.createHere({ name: 'hard deleted' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.deleteThere(Id);
      await world.control('POST', 'recycle-bin/empty', { ids: [Id] });
      await world.editHere(task.id, { details: 'does it still exist?' });
      await world.sync();
      expect((await world.rowHere(task.id)).deleted).toBe(true);
    });

    it('takes a repeated DELETE whose first try worked for done', async () => {
      const task = await world.createHere({ name: 'deleted twice' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.deleteHere(task.id);
      await world.fault({ method: 'DELETE|POST', body: Id }, { cut: 'after' });
      await world.fault({ method: 'DELETE', path: Id }, { cut: 'after' });
      await world.quiesce();
      await world.recover();
      expect((await world.there(Id)).IsDeleted).toBe(true);
      const { data } = await world.call<{ data: unknown[] }>(
        'GET',
        `/v1/salesforce/task-sync/problems?task_id=${task.id}`,
      );
      expect(data).toEqual([]);
    });

    it('finds after an outage of 16 days what was deleted meanwhile', async () => {
      const task = await world.createHere({ name: 'deleted in the outage' });
      const kept = await world.createHere({ name: 'kept in the outage' });
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.setSync([ann], false);
      await world.deleteThere(Id);
      await world.control('POST', 'recycle-bin/empty', { ids: [Id] });
      world.clock.advance(16 * 24 * 3_600_000);
      await world.enrol({ reps: [ann], scope: 'due' });
      await world.sync();
      expect((await world.rowHere(task.id)).deleted).toBe(true);
      expect((await world.rowHere(kept.id)).deleted).toBe(false);
    });
  });

  describe('9. archived activities', () => {
    it('are kept here, and no deletion is pushed', async () => {
      const task = await world.createHere({ name: 'will be archived' });
      await world.act(task.id, 'complete');
      await world.sync();
      const { Id } = await world.thereOf(task.id);
      await world.org.pool.query('UPDATE sf_task SET is_archived = true, system_modstamp = $2 WHERE id = $1', [
        Id,
        world.clock.now(),
      ]);
      await world.sync();
      expect((await world.rowHere(task.id)).deleted).toBe(false);
      await world.deleteHere(task.id);
      await world.sync();
      expect((await world.there(Id)).IsDeleted).toBe(false);
    });
  });

  describe('12. dates', () => {
    it('stay the same text after ten round trips', async () => {
      const days = ['2026-03-29', '2026-10-25', '2026-12-31', '2028-02-29'];
      const tasks = await Promise.all(
        days.map((due_date) => world.createHere({ name: `day ${due_date}`, due_date }, bob)),
      );
      await world.sync();
      for (let round = 0; round < 10; round++) {
        for (const [index, task] of tasks.entries()) {
          const { Id } = await world.thereOf(task.id);
          if (round % 2 === 0) await world.editThere(Id, { Description: `round ${round}` }, bob);
          else await world.editHere(task.id, { details: `round ${round}`, due_date: days[index] });
        }
        await world.sync();
      }
      for (const [index, task] of tasks.entries()) {
        expect((await world.here(task.id)).due_date).toBe(days[index]);
        expect((await world.thereOf(task.id)).ActivityDate).toBe(days[index]);
      }
    });
  });
});
