import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';
import { until } from '../../support/until.js';

describe('the task sync setting', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    [ann, bob] = world.reps as [Rep, Rep];
  });
  afterAll(() => world.close());

  it('is off by default: nothing is read and nothing written', async () => {
    const id = await world.createThere({ Subject: 'before anybody syncs' });
    const task = await world.createHere({ name: 'made before the sync' });
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
    expect((await world.here(task.id)).salesforce).toBeNull();
    expect((await world.allThere()).map((there) => there.Subject)).toEqual(['before anybody syncs']);
  });

  it('refuses a user who is not matched, and turns on the others', async () => {
    const { results } = await world.call<{ results: { user_id: string; ok: boolean; error?: { detail: string } }[] }>(
      'PUT',
      '/v1/salesforce/task-sync/users',
      { user_ids: [world.team.admin.userId, ann.userId.toUpperCase()], enabled: true, scope: 'all' },
    );
    const of = (userId: string) => results.find((result) => result.user_id === userId);
    expect(of(ann.userId)?.ok).toBe(true);
    expect(of(world.team.admin.userId)?.error?.detail).toMatch(/not matched with a Salesforce user/);
    await world.quiesce();
  });

  it('never pushes tasks that the rep had here before', async () => {
    await world.sync();
    expect((await world.allThere()).map((there) => there.Subject)).toEqual(['before anybody syncs']);
  });

  it('pushes tasks made here after the sync was turned on', async () => {
    const task = await world.createHere({
      name: 'made after',
      due_date: '2026-03-09',
      priority: 'high',
      details: 'Notes',
    });
    await world.sync();
    expect(await world.thereOf(task.id)).toMatchObject({
      Subject: 'made after',
      ActivityDate: '2026-03-09',
      Priority: 'High',
      Description: 'Notes',
      Status: 'Not Started',
      OwnerId: ann.salesforceId,
      LastModifiedById: world.integrationUserId,
    });
  });

  it('sends a task that was here before when somebody asks for it, once', async () => {
    const { data } = await world.call<{ data: { id: string }[] }>(
      'GET',
      '/v1/tasks?view=all&q=made%20before',
      undefined,
      ann,
    );
    const id = data[0]?.id ?? '';
    for (let twice = 0; twice < 2; twice++)
      await world.call('POST', `/v1/salesforce/task-sync/tasks/${id}/send`, {}, ann);
    await world.sync();
    expect(await world.allThere(`WHERE Subject = 'made before the sync'`)).toHaveLength(1);
    await expect(world.call('POST', `/v1/salesforce/task-sync/tasks/${id}/send`, {}, bob)).rejects.toThrow(/404/);
  });

  it('can be locked by an admin, and then not be changed by the rep', async () => {
    await world.call('PUT', '/v1/salesforce/task-sync/users', { user_ids: [bob.userId], enabled: false, locked: true });
    const answer = await world.test.http
      .put('/v1/salesforce/task-sync/me')
      .set(bearer(bob.key))
      .send({ enabled: true });
    expect(answer.status).toBe(403);
    expect((answer.body as { code: string }).code).toBe('sync_setting_locked');
  });

  it('off freezes: nothing moves, links stay; on again merges both gaps', async () => {
    const task = await world.createHere({ name: 'frozen', due_date: '2026-03-10' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.setSync([ann], false);
    await world.editHere(task.id, { due_date: '2026-03-11' });
    await world.editThere(Id, { Description: 'edited while off' });
    const made = await world.createHere({ name: 'made while off' });
    await world.sync();
    expect(await world.there(Id)).toMatchObject({ ActivityDate: '2026-03-10' });
    expect(await world.here(task.id)).toMatchObject({ details: null, salesforce: { id: Id, state: 'off' } });
    await world.enrol({ reps: [ann] });
    await world.sync();
    expect(await world.there(Id)).toMatchObject({ ActivityDate: '2026-03-11', Description: 'edited while off' });
    expect(await world.here(task.id)).toMatchObject({ details: 'edited while off', salesforce: { state: 'synced' } });
    expect((await world.here(made.id)).salesforce).toBeNull();
    expect(await world.linkedTo(Id)).toEqual([task.id]);
  });

  it('deletes here what was deleted there while it was off', async () => {
    const task = await world.createHere({ name: 'deleted while off' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.setSync([ann], false);
    await world.deleteThere(Id);
    await world.enrol({ reps: [ann] });
    expect((await world.rowHere(task.id)).deleted).toBe(true);
  });

  it('is paused for the whole team by one switch', async () => {
    await world.call('POST', '/v1/salesforce/connection/pause');
    const task = await world.createHere({ name: 'made while paused' });
    await world.sync();
    expect((await world.here(task.id)).salesforce).toMatchObject({ id: null, state: 'waiting' });
    await world.call('POST', '/v1/salesforce/connection/resume');
    await world.sync();
    expect((await world.here(task.id)).salesforce?.state).toBe('synced');
  });

  it('makes no link for a rep who is turned off at the same moment', async () => {
    const turningOff = world.database.dataSource.createQueryRunner();
    await turningOff.startTransaction();
    await turningOff.query('SELECT 1 FROM task_sync_enrolments WHERE user_id = $1 FOR UPDATE', [ann.userId]);
    const creating = world.createHere({ name: 'made while it was turned off' });
    await until(async () => {
      const waiting: unknown[] = await world.database.dataSource.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await turningOff.query(`UPDATE task_sync_enrolments SET state = 'off' WHERE user_id = $1`, [ann.userId]);
    await turningOff.commitTransaction();
    await turningOff.release();
    expect((await creating).salesforce).toBeNull();
    await world.enrol({ reps: [ann] });
  });

  it('goes on reading soon after the key field was removed, without being told', async () => {
    await world.control('DELETE', 'fields/Task/Command_Center_Key__c');
    const there = await world.createThere({ Subject: 'made after the removal' });
    world.clock.advance(31_000);
    await world.quiesce();
    world.clock.advance(5_000);
    await world.quiesce();
    expect(await world.linkedTo(there)).toHaveLength(1);
    await world.control('POST', 'fields', {});
    await world.call('POST', '/v1/salesforce/task-sync/sync-now');
    await world.sync();
  });

  it('imports only while the key field is missing, says what to do, and goes on when it is there', async () => {
    await world.control('DELETE', 'fields/Task/Command_Center_Key__c');
    await world.call('POST', '/v1/salesforce/task-sync/sync-now');
    await world.quiesce();
    const task = await world.createHere({ name: 'waits for the key field' });
    const there = await world.createThere({ Subject: 'still imported' });
    await world.sync();
    expect(await world.linkedTo(there)).toHaveLength(1);
    expect((await world.here(task.id)).salesforce).toMatchObject({ id: null, state: 'waiting' });
    const status = await world.call<{ two_way: boolean; advice: string }>('GET', '/v1/salesforce/task-sync/status');
    expect(status).toMatchObject({ two_way: false, advice: expect.stringContaining('Command_Center_Key__c') });
    await world.control('POST', 'fields', {
      object: 'Task',
      name: 'Command_Center_Key__c',
      type: 'string',
      length: 255,
      externalId: true,
      unique: true,
    });
    await world.call('POST', '/v1/salesforce/task-sync/sync-now');
    await world.sync();
    expect((await world.here(task.id)).salesforce?.state).toBe('synced');
  });
});
