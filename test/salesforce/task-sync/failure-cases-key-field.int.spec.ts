import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';

const KEY_FIELD = 'Command_Center_Key__c';
const MINUTE = 60_000;

/** A create is repeatable because of a field that the org's admin can take away at any moment. */
describe('the key field is removed', () => {
  let world: SyncWorld;
  let ann: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    [ann] = world.reps as [Rep];
    await world.enrol();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.control('DELETE', 'faults');
    await world.sync();
  });

  const remove = () => world.control('DELETE', `fields/Task/${KEY_FIELD}`);
  const putBack = () => world.control('POST', 'fields', {});
  /** The field was deleted for good, and this one begins without values. */
  const makeAnew = async () => {
    await world.org.pool.query('UPDATE sf_task SET command_center_key = NULL');
    await putBack();
  };
  const status = () =>
    world.call<{ two_way: boolean; advice: string; waiting: number; problems: number }>(
      'GET',
      '/v1/salesforce/task-sync/status',
    );
  const named = async (subject: string) => {
    const sql = 'SELECT id FROM sf_task WHERE subject = $1 AND NOT is_deleted';
    return (await world.org.pool.query<{ id: string }>(sql, [subject])).rows.map(({ id }) => id);
  };

  async function pass(duration: number, step = MINUTE): Promise<void> {
    for (let passed = 0; passed < duration; passed += step) {
      world.clock.advance(step);
      await world.quiesce();
    }
  }

  it.each([
    ['alone', 3, 0],
    ['beside other writes', 3, 1],
    // In one call of two collections, each of which is refused inside HTTP 200.
    ['more than a collection', 201, 0],
  ])(
    'while creates are due, %s: they wait with advice, not one by one, and go when it is back',
    async (_, creates, edits) => {
      const others: HereTask[] = [];
      for (let n = 0; n < edits; n++) others.push(await world.createHere({ name: `another ${n}` }));
      await world.sync();
      await world.database.dataSource.query('UPDATE salesforce_org_states SET batch_size = 1000');
      await remove();
      const names = Array.from({ length: creates }, (_, n) => `due ${creates} ${edits} ${n}`);
      await Promise.all(names.map((name) => world.createHere({ name })));
      for (const { id } of others) await world.editHere(id, { details: 'edited' });
      await world.control('DELETE', 'calls');
      await world.quiesce();
      // Not asked again: the org is looked at before anything else is tried.
      world.clock.advance(5_000);
      await world.quiesce();
      const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
      expect((byKind['composite'] ?? 0) + (byKind['POST composite/sobjects'] ?? 0)).toBeLessThanOrEqual(1);
      await pass(5 * MINUTE);
      expect(await status()).toMatchObject({ two_way: false, waiting: creates + edits, problems: 0 });
      expect((await status()).advice).toContain(`the Activity field ${KEY_FIELD} is missing or hidden`);
      // Reading goes on.
      const there = await world.createThere({ Subject: `made there ${creates} ${edits}` }, ann);
      await pass(MINUTE, 31_000);
      expect(await world.linkedTo(there)).toHaveLength(1);

      // Found by itself, without a button.
      await putBack();
      await pass(12 * MINUTE);
      expect(await status()).toMatchObject({ two_way: true, waiting: 0, problems: 0 });
      for (const name of names.slice(0, 3)) expect(await named(name)).toHaveLength(1);
      await expectBothSidesEqual(world);
    },
  );

  describe('between the two tries of a create in doubt', () => {
    const inDoubt = async (name: string, cut: 'before' | 'after') => {
      const task = await world.createHere({ name, details: 'as it was sent' });
      await world.fault({ method: 'POST', body: name }, { cut });
      await world.quiesce();
      await remove();
      return task;
    };
    const taskOf = async (subject: string) => {
      const [id = ''] = await named(subject);
      return world.linkedTo(id);
    };
    const hereNamed = async (name: string): Promise<string[]> => {
      const sql = 'SELECT id FROM tasks WHERE name = $1 AND deleted_at IS NULL';
      const rows: { id: string }[] = await world.database.dataSource.query(sql, [name]);
      return rows.map(({ id }) => id);
    };

    async function expectOne(name: string, task: HereTask, back: () => Promise<unknown>): Promise<void> {
      expect(await named(name)).toHaveLength(1);
      await pass(10 * MINUTE);
      // Met by the reader, which cannot read whose it is.
      expect(await hereNamed(name)).toEqual([task.id]);
      await back();
      await pass(12 * MINUTE);
      expect(await named(name)).toHaveLength(1);
      expect(await hereNamed(name)).toEqual([task.id]);
      expect(await taskOf(name)).toEqual([task.id]);
    }

    it('that was made: one Task and one task, before the field is back and after', async () => {
      const name = 'was made';
      const task = await inDoubt(name, 'after');
      await expectOne(name, task, putBack);
      await expectBothSidesEqual(world);
    });

    it('that was made and edited there before anybody knew: the edit is kept, nothing doubles', async () => {
      const name = 'made and edited there';
      const task = await inDoubt(name, 'after');
      const [id = ''] = await named(name);
      world.clock.advance(2_000);
      await world.editThere(id, { ActivityDate: '2026-06-01' }, ann);
      await pass(10 * MINUTE);
      expect(await hereNamed(name)).toEqual([task.id]);
      await putBack();
      await pass(12 * MINUTE);
      expect(await named(name)).toEqual([id]);
      expect(await hereNamed(name)).toEqual([task.id]);
      expect(await world.here(task.id)).toMatchObject({ due_date: '2026-06-01', details: 'as it was sent' });
      await expectBothSidesEqual(world);
    });

    it('that was made and edited here since: the edit goes, nothing doubles', async () => {
      const name = 'made and edited here';
      const task = await inDoubt(name, 'after');
      await world.editHere(task.id, { details: 'edited here since' });
      await pass(10 * MINUTE);
      expect(await hereNamed(name)).toEqual([task.id]);
      await putBack();
      await pass(12 * MINUTE);
      expect(await named(name)).toHaveLength(1);
      expect(await world.thereOf(task.id)).toMatchObject({ Description: 'edited here since' });
      await expectBothSidesEqual(world);
    });

    it('that was not made: it is made when the field is back, once', async () => {
      const name = 'not made';
      const task = await inDoubt(name, 'before');
      await pass(10 * MINUTE);
      expect(await named(name)).toHaveLength(0);
      await putBack();
      await pass(12 * MINUTE);
      expect(await taskOf(name)).toEqual([task.id]);
      await expectBothSidesEqual(world);
    });

    it('others’ Tasks by the same integration user wait as long, and arrive when the field is back', async () => {
      const task = await inDoubt('of our own', 'before');
      // Another tool of the company logs in as the same user.
      const byTool = (subject: string) =>
        world.control<{ id: string }>('POST', `as/${world.integrationUserId}/sobjects/Task`, {
          Subject: subject,
          OwnerId: ann.salesforceId,
        });
      const { id } = await byTool('by another tool');
      const byAnn = await world.createThere({ Subject: 'by a person' }, ann);
      await pass(30 * MINUTE, 2 * MINUTE);
      expect(await world.linkedTo(byAnn)).toHaveLength(1);
      expect(await world.linkedTo(id)).toEqual([]);
      // A create cannot commit so late any more: what is made now is none of ours.
      const later = await byTool('by another tool, later');
      await pass(2 * MINUTE);
      expect(await world.linkedTo(later.id)).toHaveLength(1);
      await putBack();
      await pass(12 * MINUTE);
      expect(await world.linkedTo(id)).toHaveLength(1);
      expect(await taskOf('of our own')).toEqual([task.id]);
      await expectBothSidesEqual(world);
    });

    it('of two alike of which the second was made: in the end there are two', async () => {
      const name = 'twins';
      const tasks = [await world.createHere({ name }), await world.createHere({ name })];
      // The first one’s row is locked, the second one is made, and nobody is told.
      const rows = { containing: name, timesEach: 1 };
      await world.fault({ method: 'POST', body: name }, { rows, cut: 'after' });
      await world.quiesce();
      expect(await named(name)).toHaveLength(1);
      await remove();
      await pass(10 * MINUTE);
      await putBack();
      await pass(12 * MINUTE);
      expect(await named(name)).toHaveLength(2);
      expect((await hereNamed(name)).sort()).toEqual(tasks.map(({ id }) => id).sort());
      await expectBothSidesEqual(world);
    });

    it('that was made and taken for somebody else’s: nothing is lost, and the org’s work goes on', async () => {
      const name = 'taken for another';
      const task = await inDoubt(name, 'after');
      // The org says that somebody else made it (“Set Audit Fields upon Record Creation”).
      await world.org.pool.query('UPDATE sf_task SET created_by_id = $2 WHERE subject = $1', [name, ann.salesforceId]);
      await pass(10 * MINUTE);
      expect(await hereNamed(name)).toHaveLength(2);
      await putBack();
      const next = await world.createHere({ name: 'comes after it' });
      await pass(12 * MINUTE);
      expect((await world.thereOf(next.id)).Subject).toBe('comes after it');
      expect(await named(name)).toHaveLength(2);
      expect((await world.thereOf(task.id)).Command_Center_Key__c).toBe(`${task.id}.2`);
      expect(await hereNamed(name)).toHaveLength(2);
      expect((await world.quietCycle()).writes).toBe(0);
    });

    it('that was made, and another field of that name takes its place: the same', async () => {
      const name = 'was made, key lost';
      const task = await inDoubt(name, 'after');
      await expectOne(name, task, makeAnew);
      await expectBothSidesEqual(world, { keysLost: true });
    });
  });
});
