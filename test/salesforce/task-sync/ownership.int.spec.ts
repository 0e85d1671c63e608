import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QUEUE_ID } from '../../../src/sandbox/salesforce-org/seed/people.js';
import { bearer } from '../../support/app.js';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';
import { until } from '../../support/until.js';
import { expectBothSidesEqual } from './both-sides.js';

/** Ann and Bob sync, Eve does not; the admin has no Salesforce user at all. */
describe('a task changes hands', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;
  let eve: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 3 });
    [ann, bob, eve] = world.reps as [Rep, Rep, Rep];
    await world.enrol({ reps: [ann, bob] });
  });
  afterAll(() => world.close());
  beforeEach(() => world.control('DELETE', 'faults'));

  /** A synced task of Ann's, and its record's id. */
  async function synced(name: string, owner: Rep = ann): Promise<{ task: HereTask; id: string }> {
    const task = await world.createHere({ name }, owner);
    await world.sync();
    return { task, id: (await world.thereOf(task.id)).Id };
  }

  const give = (id: string, to: Rep) => world.editHere(id, { assignee_id: to.userId });
  const giveThere = (id: string, to: string) => world.editThere(id, { OwnerId: to }, ann);
  const isListed = async (name: string, rep: Rep) => {
    const path = `/v1/tasks?view=all&limit=200&q=${encodeURIComponent(name)}`;
    return (await world.call<{ data: unknown[] }>('GET', path, undefined, rep)).data.length > 0;
  };
  const hereNamed = async (name: string): Promise<string[]> => {
    const sql = 'SELECT id FROM tasks WHERE name = $1';
    const rows: { id: string }[] = await world.database.dataSource.query(sql, [name]);
    return rows.map(({ id }) => id);
  };
  const thereNamed = async (subject: string) =>
    (await world.allThere(`WHERE Subject = '${subject}' AND IsDeleted = FALSE`)).map(({ Id }) => Id);

  describe('here', () => {
    it('to another rep who syncs: its owner changes there', async () => {
      const { task, id } = await synced('ann to bob');
      await give(task.id, bob);
      await world.editHere(task.id, { details: 'for bob' });
      await world.sync();
      expect(await world.there(id)).toMatchObject({ OwnerId: bob.salesforceId, Description: 'for bob' });
      expect([await isListed('ann to bob', ann), await isListed('ann to bob', bob)]).toEqual([false, true]);
      await expectBothSidesEqual(world);
    });

    it('to a rep who does not sync: it goes there once, and then nothing of it moves until it is given back', async () => {
      const { task, id } = await synced('ann to eve');
      await world.editHere(task.id, { details: 'for eve' });
      await give(task.id, eve);
      await world.sync();
      expect(await world.there(id)).toMatchObject({ OwnerId: eve.salesforceId, Description: 'for eve' });
      expect((await world.here(task.id)).salesforce?.state).toBe('off');
      await world.editHere(task.id, { due_date: '2026-05-05' });
      await world.editThere(id, { Priority: 'High' }, eve);
      await world.sync();
      expect(await world.there(id)).toMatchObject({ ActivityDate: null });
      expect(await world.here(task.id)).toMatchObject({ priority: 'normal' });
      await expectBothSidesEqual(world);

      await give(task.id, ann);
      await world.sync();
      expect(await world.there(id)).toMatchObject({ OwnerId: ann.salesforceId, ActivityDate: '2026-05-05' });
      expect(await world.here(task.id)).toMatchObject({ priority: 'high', salesforce: { id, state: 'synced' } });
      await expectBothSidesEqual(world);
    });

    it('to somebody without a Salesforce user: refused with a sentence, and nothing changes', async () => {
      const { task, id } = await synced('ann to nobody');
      const answer = await world.test.http
        .patch(`/v1/tasks/${task.id}`)
        .set({ ...bearer(world.team.admin.key), 'If-Match': '*' })
        .send({ assignee_id: world.team.admin.userId });
      expect(answer.status).toBe(422);
      expect((answer.body as { code: string }).code).toBe('assignee_not_in_salesforce');
      expect((answer.body as { detail: string }).detail).toMatch(/Salesforce user/);
      await world.sync();
      expect((await world.here(task.id)).assignee.id).toBe(ann.userId);
      expect((await world.there(id)).OwnerId).toBe(ann.salesforceId);
      await expectBothSidesEqual(world);
    });

    it('one that never was there, to a rep who syncs: it is made there, once', async () => {
      const task = await world.createHere({ name: 'eve to ann' }, eve);
      await world.sync();
      expect(await thereNamed('eve to ann')).toEqual([]);
      await give(task.id, ann);
      await world.sync();
      expect(await thereNamed('eve to ann')).toHaveLength(1);
      expect((await world.thereOf(task.id)).OwnerId).toBe(ann.salesforceId);
      await give(task.id, eve);
      await give(task.id, bob);
      await world.sync();
      expect(await thereNamed('eve to ann')).toHaveLength(1);
      expect((await world.thereOf(task.id)).OwnerId).toBe(bob.salesforceId);
      await expectBothSidesEqual(world);
    });

    it('and on, before the first owner’s create went out: made once, for the last one', async () => {
      const task = await world.createHere({ name: 'from hand to hand' }, ann);
      await give(task.id, bob);
      await give(task.id, eve);
      await give(task.id, bob);
      await world.sync();
      expect(await thereNamed('from hand to hand')).toHaveLength(1);
      expect((await world.thereOf(task.id)).OwnerId).toBe(bob.salesforceId);
      await expectBothSidesEqual(world);
    });
  });

  describe('in Salesforce', () => {
    it('to another rep who syncs: it is theirs here', async () => {
      const { task, id } = await synced('there: ann to bob');
      await giveThere(id, bob.salesforceId);
      await world.sync();
      expect((await world.here(task.id)).assignee.id).toBe(bob.userId);
      expect([await isListed('there: ann to bob', ann), await isListed('there: ann to bob', bob)]).toEqual([
        false,
        true,
      ]);
      await expectBothSidesEqual(world);
    });

    it.each([
      ['to a rep who does not sync', () => eve.salesforceId],
      ['to a queue', () => QUEUE_ID],
    ])('%s: it leaves the list and is kept; back again, it is the same task', async (how, to) => {
      const name = `there: ${how}`;
      const { task, id } = await synced(name);
      await giveThere(id, to());
      await world.sync();
      expect(await world.rowHere(task.id)).toMatchObject({ away: true, deleted: false });
      expect(await isListed(name, ann)).toBe(false);
      await expectBothSidesEqual(world);

      await giveThere(id, bob.salesforceId);
      await world.sync();
      expect(await hereNamed(name)).toEqual([task.id]);
      expect(await world.rowHere(task.id)).toEqual({ away: false, deleted: false, assignee_id: bob.userId });
      expect(await isListed(name, bob)).toBe(true);
      await expectBothSidesEqual(world);
    });

    it('one that never was here, to a rep who syncs: it is imported once, however often it moves', async () => {
      // Long before anybody synced.
      const id = await world.createThere({ Subject: 'there: eve to ann' }, eve);
      await world.org.pool.query(
        `UPDATE sf_task SET created_date = '2026-01-01', last_modified_date = '2026-01-01', system_modstamp = '2026-01-01' WHERE id = $1`,
        [id],
      );
      await world.sync();
      expect(await world.linkedTo(id)).toEqual([]);
      for (const owner of [ann, eve, ann]) {
        await world.editThere(id, { OwnerId: owner.salesforceId }, eve);
        await world.sync();
        expect(await world.linkedTo(id)).toHaveLength(1);
      }
      expect(await hereNamed('there: eve to ann')).toHaveLength(1);
      expect((await world.hereOf(id)).assignee.id).toBe(ann.userId);
      await expectBothSidesEqual(world);
    });

    it('what both sides edited while it was away is merged, and it is the same task when it comes back', async () => {
      const { task, id } = await synced('edited while away');
      await giveThere(id, eve.salesforceId);
      // Nobody here knows yet that it is away.
      await world.editHere(task.id, { due_date: '2026-06-06', details: 'ours' });
      world.clock.advance(5_000);
      await world.editThere(id, { Description: 'theirs' }, eve);
      await world.sync();
      expect(await world.rowHere(task.id)).toMatchObject({ away: true });
      // From now on it is said why nothing can be changed.
      await expect(world.editHere(task.id, { details: 'refused' })).rejects.toThrow(
        /belongs to somebody else in Salesforce/,
      );
      await world.editThere(id, { Priority: 'High' }, eve);
      await world.sync();
      await giveThere(id, ann.salesforceId);
      await world.sync();
      expect(await hereNamed('edited while away')).toEqual([task.id]);
      expect(await world.here(task.id)).toMatchObject({ due_date: '2026-06-06', details: 'theirs', priority: 'high' });
      expect(await world.there(id)).toMatchObject({ ActivityDate: '2026-06-06', Description: 'theirs' });
      await expectBothSidesEqual(world);
    });

    it('deleted there while it was away: deleted here', async () => {
      const { task, id } = await synced('deleted while away');
      await giveThere(id, eve.salesforceId);
      await world.sync();
      await world.deleteThere(id, eve);
      await world.sync();
      expect(await world.rowHere(task.id)).toMatchObject({ deleted: true });
      await expectBothSidesEqual(world);
    });

    it('while it is given to somebody else here: the later one has it, the other choice is kept', async () => {
      const { task, id } = await synced('given twice');
      await give(task.id, bob);
      world.clock.advance(5_000);
      await giveThere(id, eve.salesforceId);
      await world.sync();
      expect((await world.there(id)).OwnerId).toBe(eve.salesforceId);
      expect(await world.rowHere(task.id)).toMatchObject({ away: true });
      const { data } = await world.call<{ data: object[] }>(
        'GET',
        `/v1/salesforce/task-sync/conflicts?task_id=${task.id}`,
      );
      expect(data).toMatchObject([{ field: 'OwnerId', winner: 'there', here: bob.salesforceId }]);
      await expectBothSidesEqual(world);
    });

    it('its new owner’s answer was lost, and it is deleted and undeleted there: nobody’s conflict', async () => {
      const { task, id } = await synced('lost, deleted, undeleted');
      await give(task.id, bob);
      await world.fault({ method: 'PATCH', body: bob.salesforceId }, { cut: 'after' });
      await world.quiesce();
      await give(task.id, ann);
      await world.deleteThere(id, bob);
      await world.recover();
      expect(await world.rowHere(task.id)).toMatchObject({ deleted: true });
      await world.undeleteThere(id, bob);
      await world.sync();
      expect(await world.rowHere(task.id)).toEqual({ away: false, deleted: false, assignee_id: ann.userId });
      expect((await world.there(id)).OwnerId).toBe(ann.salesforceId);
      const path = `/v1/salesforce/task-sync/conflicts?task_id=${task.id}`;
      const { data } = await world.call<{ data: { here: string | null; there: string | null }[] }>('GET', path);
      // Bob was our own choice. What the deletion went over is kept.
      expect(data).toMatchObject([{ here: ann.salesforceId, there: null }]);
      await expectBothSidesEqual(world);
    });

    it('two reps swap two tasks, and swap them back while the push is on its way', async () => {
      const [first, second] = [await synced('swapped 1', ann), await synced('swapped 2', bob)];
      await give(first.task.id, bob);
      await give(second.task.id, ann);
      await world.fault({ method: 'PATCH', path: 'composite/sobjects' }, { latencyMs: 400 });
      const pushing = world.quiesce();
      await until(async () => (await world.control<{ struck: number }[]>('GET', 'faults'))[0]?.struck === 1);
      await give(first.task.id, ann);
      await give(second.task.id, bob);
      await pushing;
      await world.sync();
      for (const { task, id, owner } of [
        { ...first, owner: ann },
        { ...second, owner: bob },
      ]) {
        expect((await world.there(id)).OwnerId).toBe(owner.salesforceId);
        expect((await world.here(task.id)).assignee.id).toBe(owner.userId);
        expect(await world.linkedTo(id)).toEqual([task.id]);
      }
      await expectBothSidesEqual(world);
    });
  });
});
