import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Rep, SyncWorld } from '../../support/sync-world.js';
import { until } from '../../support/until.js';

/** Faults that a search through random histories and a review found. */
describe('the task sync, broken once', () => {
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

  it('gives a task to its new owner there when that rep turns the sync on later', async () => {
    const task = await world.createHere({ name: 'moved before its owner synced' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.editThere(Id, { OwnerId: eve.salesforceId });
    await world.sync();
    expect(await world.rowHere(task.id)).toMatchObject({ away: true });
    await world.enrol({ reps: [eve], scope: 'recent' });
    await world.sync();
    expect(await world.rowHere(task.id)).toEqual({ deleted: false, away: false, assignee_id: eve.userId });
    await world.setSync([eve], false);
  });

  it('is equal on both sides after a deletion here over an edit there is taken back', async () => {
    const task = await world.createHere({ name: 'deleted, edited, restored' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.editThere(Id, { Subject: 'edited there', Priority: 'High', Status: 'Completed' });
    await world.deleteHere(task.id);
    await world.sync();
    expect((await world.there(Id)).IsDeleted).toBe(true);
    await world.act(task.id, 'restore');
    await world.sync();
    expect(await world.thereOf(task.id)).toMatchObject({
      Subject: 'edited there',
      Priority: 'High',
      Status: 'Completed',
    });
    expect(await world.here(task.id)).toMatchObject({ name: 'edited there', priority: 'high', status: 'completed' });
  });

  it('comes back as it is there when it is undeleted there, over a deletion here that overrode an edit', async () => {
    await world.call('PUT', '/v1/salesforce/task-sync/settings', { conflict_policy: 'command_center' });
    const task = await world.createHere({ name: 'deleted here, given away there' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.deleteHere(task.id);
    await world.editThere(Id, { OwnerId: bob.salesforceId });
    await world.sync();
    const conflicts = () =>
      world.database.dataSource.query('SELECT here, there FROM sync_conflicts WHERE task_id = $1', [task.id]);
    expect(await conflicts()).toEqual([{ here: null, there: bob.salesforceId }]);
    await world.undeleteThere(Id);
    await world.editThere(Id, { Subject: 'undeleted there' });
    await world.sync();
    expect(await world.rowHere(task.id)).toMatchObject({ deleted: false, assignee_id: bob.userId });
    expect(await world.thereOf(task.id)).toMatchObject({ OwnerId: bob.salesforceId, Subject: 'undeleted there' });
    expect(await conflicts()).toHaveLength(1);
  });

  it('does not try a refused deletion of what was edited there again at each look back', async () => {
    const task = await world.createHere({ name: 'may not be deleted' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    const refused = { rows: { every: 1, statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Keep it.' } };
    await world.fault({ method: 'DELETE' }, refused, { times: null });
    await world.editThere(Id, { Description: 'edited there' });
    await world.deleteHere(task.id);
    await world.quiesce();
    await world.control('DELETE', 'calls');
    world.clock.advance(31_000);
    await world.quiesce();
    const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
    expect(byKind).toEqual({ queryAll: 1 });
    const [link] = await world.database.dataSource.query('SELECT parked_code FROM task_links WHERE task_id = $1', [
      task.id,
    ]);
    expect(link).toEqual({ parked_code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' });
  });

  it('keeps what was edited after a create whose answer was lost and whose record was deleted there', async () => {
    await world.fault({ body: 'lost, deleted, restored' }, { cut: 'after' });
    const task = await world.createHere({ name: 'lost, deleted, restored' });
    await world.quiesce();
    const [made] = await world.allThere(`WHERE Subject = 'lost, deleted, restored'`);
    await world.deleteThere(made?.Id ?? '');
    await world.recover();
    expect((await world.rowHere(task.id)).deleted).toBe(true);
    await world.act(task.id, 'restore');
    await world.act(task.id, 'skip');
    await world.recover();
    expect(await world.thereOf(task.id)).toMatchObject({ Id: made?.Id, IsDeleted: false, IsClosed: true });
  });

  it('does not take its own deletion, whose answer was lost, for one of Salesforce', async () => {
    const task = await world.createHere({ name: 'deleted and restored at once' });
    await world.sync();
    await world.deleteHere(task.id);
    await world.fault({ method: 'DELETE' }, { cut: 'after' }, { times: 1 });
    await world.quiesce();
    await world.act(task.id, 'restore');
    await world.recover();
    expect((await world.rowHere(task.id)).deleted).toBe(false);
    expect((await world.thereOf(task.id)).IsDeleted).toBe(false);
  });

  it('does not take its own undeletion, whose answer was lost, for one of Salesforce', async () => {
    const task = await world.createHere({ name: 'restored and deleted at once' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.deleteHere(task.id);
    await world.sync();
    await world.act(task.id, 'restore');
    await world.fault({ path: 'Soap' }, { cut: 'after' }, { times: 1 });
    await world.quiesce();
    await world.deleteHere(task.id);
    await world.recover();
    expect((await world.rowHere(task.id)).deleted).toBe(true);
    expect((await world.there(Id)).IsDeleted).toBe(true);
  });

  it('leaves nothing moving for a rep who turned the sync off while a write was on its way', async () => {
    const task = await world.createHere({ name: 'off in between' });
    await world.sync();
    await world.editHere(task.id, { details: 'on its way' });
    await world.fault({ method: 'PATCH', body: 'on its way' }, { latencyMs: 600 });
    const pushing = world.quiesce();
    await until(async () => (await sent(task.id)) !== null);
    await world.setSync([ann], false);
    await pushing;
    await world.editHere(task.id, { details: 'made while off' });
    await world.sync();
    expect((await world.here(task.id)).salesforce?.state).toBe('off');
    expect((await world.allThere(`WHERE Subject = 'off in between'`))[0]?.Description).toBe('on its way');
    await world.enrol({ reps: [ann] });
  });

  it('freezes a task given to a colleague who does not sync, also when the answer was lost', async () => {
    const task = await world.createHere({ name: 'given away' });
    await world.sync();
    await world.editHere(task.id, { assignee_id: eve.userId });
    await world.fault({ method: 'PATCH', body: eve.salesforceId }, { cut: 'after' });
    await world.quiesce();
    await world.recover();
    await world.editHere(task.id, { details: 'by a colleague who does not sync' });
    await world.sync();
    const [there] = await world.allThere(`WHERE Subject = 'given away'`);
    expect(there).toMatchObject({ OwnerId: eve.salesforceId, Description: null });
  });

  it('makes nothing anew while a record is only locked in the recycle bin', async () => {
    const task = await world.createHere({ name: 'locked in the bin' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.deleteHere(task.id);
    await world.sync();
    await world.act(task.id, 'restore');
    // Somebody's transaction holds the row there: the undeletion is refused with UNABLE_TO_LOCK_ROW.
    const other = await world.org.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM sf_task WHERE id = $1 FOR UPDATE', [Id]);
      await world.quiesce();
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    await world.recover();
    expect((await world.thereOf(task.id)).Id).toBe(Id);
    expect(await world.allThere(`WHERE Subject = 'locked in the bin'`)).toHaveLength(1);
  });

  it('does not ask without a pause for a record whose parent is deleted', async () => {
    const task = await world.createHere({ name: 'refused as deleted' });
    const refused = { statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', containing: 'refused as deleted' };
    await world.fault({ method: 'POST', body: 'refused as deleted' }, { rows: refused }, { times: null });
    const before = await world.control<{ used: number }>('GET', 'calls');
    await world.quiesce();
    const after = await world.control<{ used: number }>('GET', 'calls');
    expect(after.used - before.used).toBeLessThan(10);
    await world.control('DELETE', 'faults');
    await world.recover();
    expect((await world.here(task.id)).salesforce?.state).not.toBe('synced');
    await world.editHere(task.id, { details: 'mended' });
    await world.sync();
    expect((await world.thereOf(task.id)).Subject).toBe('refused as deleted');
  });

  it('goes on reading when every write fails', async () => {
    await world.createHere({ name: 'breaks its call' });
    await world.fault(
      { method: 'POST', body: 'breaks its call' },
      { error: { status: 400, errorCode: 'JSON_PARSER_ERROR', message: 'Unexpected character' } },
      { times: null },
    );
    const id = await world.createThere({ Subject: 'made meanwhile' });
    for (let round = 0; round < 3; round++) {
      world.clock.advance(310_000);
      await world.quiesce();
    }
    expect(await world.linkedTo(id)).toHaveLength(1);
    await world.control('DELETE', 'faults');
    await world.recover();
  });

  it('still writes what is there when many others are gone at once', async () => {
    const gone = await Promise.all(Array.from({ length: 25 }, (_, n) => world.createHere({ name: `purged ${n}` })));
    const kept = await world.createHere({ name: 'not purged' });
    await world.sync();
    const ids = await Promise.all(gone.map(async (task) => (await world.thereOf(task.id)).Id));
    for (const id of ids) await world.deleteThere(id);
    await world.control('POST', 'recycle-bin/empty', { ids });
    for (const task of [...gone, kept]) await world.editHere(task.id, { details: 'edited' });
    await world.sync();
    expect((await world.thereOf(kept.id)).Description).toBe('edited');
    for (const task of gone) expect((await world.rowHere(task.id)).deleted).toBe(false);
  });

  const sent = async (id: string) => {
    const rows: { sent: unknown }[] = await world.database.dataSource.query(
      'SELECT sent FROM task_links WHERE task_id = $1',
      [id],
    );
    return rows[0]?.sent ?? null;
  };
});

describe('a create that commits late', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1, env: { SALESFORCE_TIMEOUT_MS: '1500' } });
    await world.enrol();
  });
  afterAll(() => world.close());

  it('does not bring back what was edited here meanwhile', async () => {
    const task = await world.createHere({ name: 'late create v1', details: 'v1' });
    await world.fault({ method: 'POST', body: 'late create v1' }, { commitLateMs: 2_500 });
    await world.quiesce();
    await world.editHere(task.id, { name: 'late create v2', details: 'v2' });
    // The look by key finds nothing yet; the second insert waits for the first one and is refused as a duplicate.
    await world.recover();
    expect(await world.here(task.id)).toMatchObject({ name: 'late create v2', details: 'v2' });
    expect(await world.thereOf(task.id)).toMatchObject({ Subject: 'late create v2', Description: 'v2' });
    expect(await world.allThere(`WHERE Subject LIKE 'late create%'`)).toHaveLength(1);
  });
});
