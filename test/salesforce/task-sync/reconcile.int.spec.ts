import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HerePass } from '../../../src/salesforce/task-sync/reconcile/here-pass.js';
import { bearer } from '../../support/app.js';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';
import { both, found, reconcile, type Run, runOf, traces } from './reconciling.js';

describe('the reconcile', () => {
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

  /** A task on both sides, known to the pull for longer than it reads back. */
  async function settled(values: Record<string, unknown>): Promise<{ here: HereTask; id: string }> {
    const here = await world.createHere(values);
    await world.sync();
    const { Id } = await world.thereOf(here.id);
    await past();
    return { here, id: Id };
  }

  async function past(): Promise<void> {
    world.clock.advance(40 * 60_000);
    await world.sync();
  }

  /** Changes a row there behind the back of the pull: its stamp stays. */
  async function behindThere(id: string, set: string): Promise<void> {
    await world.org.pool.query(`UPDATE sf_task SET ${set} WHERE id = $1`, [id]);
  }

  async function behindHere(sql: string, parameters: unknown[]): Promise<void> {
    await world.database.dataSource.query(sql, parameters);
  }

  /** Drift is found, repaired and counted once; the pass after it finds nothing and writes nothing. */
  async function repairs(expected: Record<string, number>): Promise<Run> {
    const run = await reconcile(world);
    expect(run).toMatchObject({ status: 'done', error: null });
    expect(found(run)).toEqual(expected);
    await world.sync();
    const before = await traces(world);
    const again = await reconcile(world);
    expect(found(again)).toEqual({});
    expect(again.counts).toMatchObject({ found_missed_change: 0, repaired_missed_change: 0, found_missing_here: 0 });
    expect(await traces(world)).toEqual(before);
    return run;
  }

  it('finds nothing and writes nothing where nothing was missed', async () => {
    await settled({ name: 'in step', details: ' padded \r\n text ', reminder_at: '2026-05-01T08:00:00.123Z' });
    const archived = await settled({ name: 'skipped' });
    await world.act(archived.here.id, 'skip');
    const deleted = await settled({ name: 'deleted here' });
    await world.deleteHere(deleted.here.id);
    const gone = await settled({ name: 'edited, then deleted there' });
    await world.editThere(gone.id, { Subject: 'last words' });
    await world.deleteThere(gone.id);
    const away = await settled({ name: 'given away there' });
    await world.editThere(away.id, { OwnerId: eve.salesforceId });
    await past();
    const run = await repairs({});
    expect(run.counts.compared).toBeGreaterThan(0);
  });

  it('takes over a change there that the pull missed, and keeps an edit made here', async () => {
    const { here, id } = await settled({ name: 'changed there', due_date: '2026-03-10' });
    await behindThere(id, `activity_date = '2026-04-01', subject = 'changed unseen'`);
    await repairs(both('missed_change'));
    expect(await world.here(here.id)).toMatchObject({ name: 'changed unseen', due_date: '2026-04-01' });
  });

  it('takes over a new owner there', async () => {
    const toBob = await settled({ name: 'to bob' });
    const toEve = await settled({ name: 'to eve' });
    await behindThere(toBob.id, `owner_id = '${bob.salesforceId}'`);
    await behindThere(toEve.id, `owner_id = '${eve.salesforceId}'`);
    await repairs(both('missed_move', 2));
    expect(await world.rowHere(toBob.here.id)).toMatchObject({ assignee_id: bob.userId, away: false });
    expect(await world.rowHere(toEve.here.id)).toMatchObject({ away: true });
  });

  it('takes over a deletion, a purge and an undeletion there', async () => {
    const deleted = await settled({ name: 'deleted unseen' });
    const purged = await settled({ name: 'purged unseen' });
    const back = await settled({ name: 'undeleted unseen' });
    await world.deleteThere(back.id);
    await past();
    expect(await world.rowHere(back.here.id)).toMatchObject({ deleted: true });
    await behindThere(deleted.id, 'is_deleted = true');
    await behindThere(back.id, 'is_deleted = false');
    await world.org.pool.query('DELETE FROM sf_task WHERE id = $1', [purged.id]);
    await repairs({ ...both('missed_deletion'), ...both('missed_purge'), ...both('missed_undelete') });
    expect(await world.rowHere(deleted.here.id)).toMatchObject({ deleted: true });
    expect(await world.rowHere(purged.here.id)).toMatchObject({ deleted: true });
    expect(await world.rowHere(back.here.id)).toMatchObject({ deleted: false });
    expect(deleted.here.version).toBeLessThan((await world.here(back.here.id)).version);
  });

  it('imports what is there and not here', async () => {
    const id = await world.createThere({ Subject: 'lost at the import' });
    await past();
    await behindHere('DELETE FROM tasks WHERE id = ANY($1::uuid[])', [await world.linkedTo(id)]);
    await repairs(both('missing_here'));
    expect(await world.linkedTo(id)).toHaveLength(1);
  });

  it('finds its own task again by the key when the link is lost', async () => {
    const { here, id } = await settled({ name: 'its link is lost' });
    await behindHere('DELETE FROM task_links WHERE task_id = $1', [here.id]);
    await repairs(both('lost_link'));
    expect(await world.linkedTo(id)).toEqual([here.id]);
    expect(await world.allThere(`WHERE Subject = 'its link is lost'`)).toHaveLength(1);
  });

  it('marks what was changed here and never sent', async () => {
    const edited = await settled({ name: 'edited unmarked' });
    const deleted = await settled({ name: 'deleted unmarked' });
    const created = await world.createHere({ name: 'created unmarked' });
    await behindHere(`UPDATE task_links SET due_since = NULL WHERE task_id = $1`, [created.id]);
    await behindHere(`UPDATE tasks SET due_date = '2026-07-01' WHERE id = $1`, [edited.here.id]);
    await behindHere(`UPDATE tasks SET deleted_at = now() WHERE id = $1`, [deleted.here.id]);
    await repairs(both('lost_mark', 3));
    expect((await world.there(edited.id)).ActivityDate).toBe('2026-07-01');
    expect((await world.there(deleted.id)).IsDeleted).toBe(true);
    expect((await world.thereOf(created.id)).Subject).toBe('created unmarked');
  });

  it('settles a write in doubt that nothing is about to settle, and leaves parked ones to a person', async () => {
    const doubt = await settled({ name: 'in doubt' });
    const parked = await settled({ name: 'parked' });
    const sent = { op: 'update', fields: { Subject: 'x' }, here: { name: 'x', status: 'open', priority: 'normal' } };
    // Whoever takes the org over settles first; this one is lost while the org is held.
    const pass = world.test.app.get(HerePass);
    const page = pass.page.bind(pass);
    jest.spyOn(pass, 'page').mockImplementationOnce(async (...args) => {
      await behindHere('UPDATE task_links SET sent = $2 WHERE task_id = $1', [doubt.here.id, JSON.stringify(sent)]);
      return page(...args);
    });
    await behindHere(`UPDATE tasks SET due_date = '2026-07-02' WHERE id = $1`, [parked.here.id]);
    await behindHere(`UPDATE task_links SET parked_code = 'X', due_since = now() WHERE task_id = $1`, [parked.here.id]);
    await repairs(both('unsettled_write'));
    expect((await world.there(doubt.id)).Subject).toBe('in doubt');
    expect((await world.there(parked.id)).ActivityDate).toBeNull();
    await behindHere(`DELETE FROM tasks WHERE id = $1`, [parked.here.id]);
    await world.deleteThere(parked.id);
    await past();
  });

  it('applies what the pull has not had time for, and does not call it drift', async () => {
    const { here, id } = await settled({ name: 'just now' });
    await world.editThere(id, { ActivityDate: '2026-08-01' });
    const run = await reconcile(world);
    expect(found(run)).toEqual({});
    expect(run.counts.left_to_the_pull).toBe(1);
    expect((await world.here(here.id)).due_date).toBe('2026-08-01');
  });

  it('leaves out older history that the scope left out, and brings back what it took in', async () => {
    const old = await world.createThere({ Subject: 'old and open' }, eve);
    const closed = await world.createThere({ Subject: 'old and closed', Status: 'Completed' }, eve);
    await world.org.pool.query(
      `UPDATE sf_task SET created_date = '2025-01-02', last_modified_date = '2025-03-01', system_modstamp = '2025-03-01',
         completed_date_time = CASE WHEN is_closed THEN '2025-03-01'::timestamptz END WHERE id = ANY($1::text[])`,
      [[old, closed]],
    );
    await world.enrol({ reps: [eve], scope: 'open' });
    await past();
    expect(await world.linkedTo(old)).toHaveLength(1);
    await repairs({});
    expect(await world.linkedTo(closed)).toHaveLength(0);
    await behindHere('DELETE FROM tasks WHERE id = ANY($1::uuid[])', [await world.linkedTo(old)]);
    await repairs(both('missing_here'));
    expect(await world.linkedTo(closed)).toHaveLength(0);
    await world.setSync([eve], false);
    await world.sync();
  });

  it('leaves alone what belongs to a rep whose sync is off', async () => {
    await world.setSync([bob], false);
    const id = await world.createThere({ Subject: 'while bob is off' }, bob);
    const [frozen] = await world.database.dataSource.query<{ task_id: string; salesforce_id: string }[]>(
      `SELECT l.task_id, l.salesforce_id FROM task_links l JOIN tasks t ON t.id = l.task_id
       WHERE l.frozen AND t.assignee_id = $1 AND NOT l.deleted_there`,
      [bob.userId],
    );
    await behindThere(frozen?.salesforce_id ?? '', `subject = 'changed while off'`);
    await past();
    await repairs({});
    expect(await world.linkedTo(id)).toHaveLength(0);
    expect((await world.here(frozen?.task_id ?? '')).name).not.toBe('changed while off');
    await world.enrol({ reps: [bob] });
  });

  describe('on demand', () => {
    it('runs one at a time, and answers the one that runs', async () => {
      const ask = () => world.call<Run>('POST', '/v1/salesforce/task-sync/reconcile');
      const [first, second] = await Promise.all([ask(), ask()]);
      expect(second.id).toBe(first.id);
      await world.quiesce();
      const third = await ask();
      expect(third.id).not.toBe(first.id);
      expect((await runOf(world, first.id)).status).toBe('done');
      await world.quiesce();
      const { data } = await world.call<{ data: Run[] }>('GET', '/v1/salesforce/task-sync/runs?kind=reconcile&limit=1');
      expect(data).toMatchObject([{ id: third.id, status: 'done' }]);
    });

    it('is not for members', async () => {
      const response = await world.test.http.post('/v1/salesforce/task-sync/reconcile').set(bearer(ann.key));
      expect(response.status).toBe(403);
    });

    it('shows when it was and what it found', async () => {
      const { id } = await settled({ name: 'shown' });
      await behindThere(id, `subject = 'shown, changed'`);
      await reconcile(world);
      expect(await world.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({
        last_reconcile_at: world.clock.now().toISOString(),
        last_reconcile_drift: 1,
        open_alarms: 0,
      });
    });
  });
});
