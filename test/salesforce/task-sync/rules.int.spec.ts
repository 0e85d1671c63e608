import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

const DAY = 24 * 3_600_000;

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
      { user_ids: [world.team.admin.userId, ann.userId], enabled: true, scope: 'all' },
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

describe('the first-time sync', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 4, at: '2026-03-04T10:00:00Z' });
  });
  afterAll(() => world.close());

  const subjectsHere = async (rep: Rep) => {
    const { data } = await world.call<{ data: { name: string }[] }>(
      'GET',
      '/v1/tasks?view=all&limit=200',
      undefined,
      rep,
    );
    return data.map((task) => task.name).sort();
  };

  it('imports what its scope takes in, as the preview said', async () => {
    const [recent, due, open, all] = world.reps as [Rep, Rep, Rep, Rep];
    world.clock.set('2026-02-01T10:00:00Z');
    for (const rep of world.reps) {
      await world.createThere({ Subject: 'open, due later', ActivityDate: '2026-03-20' }, rep);
      await world.createThere({ Subject: 'open, overdue', ActivityDate: '2026-02-20' }, rep);
      await world.createThere({ Subject: 'open, no date' }, rep);
      const id = await world.createThere({ Subject: 'worked on and done' }, rep);
      world.clock.advance(DAY);
      await world.editThere(id, { Status: 'Completed' }, rep);
      world.clock.advance(-DAY);
    }
    world.clock.set('2026-03-04T09:00:00Z');
    for (const rep of world.reps) await world.createThere({ Subject: 'new', ActivityDate: '2026-02-01' }, rep);
    world.clock.set('2026-03-04T10:00:00Z');

    const preview = await world.call<{ scopes: Record<string, number> }>('POST', '/v1/salesforce/task-sync/preview', {
      user_ids: [all.userId],
    });
    expect(preview.scopes).toEqual({ recent: 1, due: 3, open: 4, all: 5 });
    await world.enrol({ reps: [recent], scope: 'recent' });
    await world.enrol({ reps: [due], scope: 'due' });
    await world.enrol({ reps: [open], scope: 'open' });
    await world.enrol({ reps: [all], scope: 'all' });
    expect(await subjectsHere(recent)).toEqual(['new']);
    expect(await subjectsHere(due)).toEqual(['new', 'open, due later', 'open, no date']);
    expect(await subjectsHere(open)).toEqual(['new', 'open, due later', 'open, no date', 'open, overdue']);
    expect(await subjectsHere(all)).toHaveLength(5);
  });

  it('is read in one pass for reps who were enrolled together, and shows its progress', async () => {
    await world.setSync(world.reps, false);
    await world.enrol({ scope: 'all' });
    const { data } = await world.call<{ data: { status: string; total: number; done: number }[] }>(
      'GET',
      '/v1/salesforce/task-sync/runs?kind=first_sync&limit=1',
    );
    expect(data).toMatchObject([{ status: 'done', total: 20, done: 20 }]);
    // Links from before were used: nothing came twice.
    for (const rep of world.reps) expect(await subjectsHere(rep)).toHaveLength(5);
  });

  it('keeps what it has imported when it is cancelled, and the ongoing sync goes on', async () => {
    const [rep] = world.reps as [Rep];
    await world.setSync([rep], false);
    await world.setSync([rep], true);
    await world.database.dataSource.query(`UPDATE salesforce_connections SET paused = true WHERE team_id = $1`, [
      world.team.teamId,
    ]);
    await world.quiesce();
    await world.database.dataSource.query(`UPDATE salesforce_connections SET paused = false`);
    // Begun, and stopped after its first slice.
    await world.fault({ path: 'COUNT' }, { status: 503 }, { times: null });
    await world.quiesce();
    const [enrolment] = await world
      .call<{ user_id: string; run_id: string }[]>('GET', '/v1/salesforce/task-sync/users')
      .then((rows) => rows.filter((row) => row.user_id === rep.userId));
    await world.control('DELETE', 'faults');
    await world.call('POST', `/v1/salesforce/task-sync/runs/${enrolment?.run_id}/cancel`, {});
    const made = await world.createThere({ Subject: 'after the cancelling' }, rep);
    await world.recover();
    expect(await world.linkedTo(made)).toHaveLength(1);
    expect(await subjectsHere(rep)).toContain('open, due later');
  });
});

describe('which Salesforce Tasks are tasks', () => {
  let world: SyncWorld;
  let ann: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    [ann] = world.reps as [Rep];
    await world.enrol({ reps: [ann] });
  });
  afterAll(() => world.close());

  it.each([
    ['a logged email', { TaskSubtype: 'Email', Subject: 'logged email' }],
    ['a list email', { TaskSubtype: 'ListEmail', Subject: 'list email' }],
    ['a cadence step', { TaskSubtype: 'Cadence', Subject: 'cadence' }],
    ['one that was created closed', { Status: 'Completed', Subject: 'logged call', TaskSubtype: 'Call' }],
  ])('not %s', async (_, fields) => {
    const id = await world.createThere(fields);
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
  });

  it('not the master of a recurring series', async () => {
    const id = await world.createThere({ Subject: 'series' });
    await world.org.pool.query('UPDATE sf_task SET is_recurrence = true WHERE id = $1', [id]);
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
  });

  it('not one that belongs to somebody who does not sync', async () => {
    const id = await world.createThere({ Subject: 'of somebody else' }, world.reps[1]);
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
  });

  it('but calls, as type Call, and all others as Custom', async () => {
    const call = await world.createThere({ Subject: 'a call to make', TaskSubtype: 'Call' });
    const other = await world.createThere({ Subject: 'something else' });
    await world.sync();
    expect(await world.hereOf(call)).toMatchObject({ type: 'call', status: 'open' });
    expect(await world.hereOf(other)).toMatchObject({ type: 'custom' });
  });

  it('a type changed here is never pushed', async () => {
    const id = await world.createThere({ Subject: 'typed' });
    await world.sync();
    const task = await world.hereOf(id);
    await world.editHere(task.id, { type: 'inmail' });
    await world.control('DELETE', 'calls');
    await world.quiesce();
    expect((await world.control<{ byKind: Record<string, number> }>('GET', 'calls')).byKind).toEqual({});
  });

  it('a re-stamp alone imports nothing that was not imported before', async () => {
    world.clock.advance(-40 * DAY);
    const id = await world.createThere({ Subject: 'old and left alone', ActivityDate: '2026-01-01' }, world.reps[1]);
    world.clock.advance(40 * DAY);
    await world.enrol({ reps: [world.reps[1] as Rep], scope: 'due' });
    expect(await world.linkedTo(id)).toEqual([]);
    await world.control('POST', 'restamp', { object: 'Task' });
    await world.sync();
    expect(await world.linkedTo(id)).toEqual([]);
    await world.editThere(id, { Description: 'touched' }, world.reps[1]);
    await world.sync();
    expect(await world.linkedTo(id)).toHaveLength(1);
  });
});

describe('the mapping of fields', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;
  let cy: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 3 });
    [ann, bob, cy] = world.reps as [Rep, Rep, Rep];
    await world.enrol({ reps: [ann, bob] });
  });
  afterAll(() => world.close());

  const synced = async (values: Record<string, unknown> = {}) => {
    const task = await world.createHere({ name: 'mapped', ...values });
    await world.sync();
    return { task, there: await world.thereOf(task.id) };
  };
  const settings = (values: Record<string, unknown>) => world.call('PUT', '/v1/salesforce/task-sync/settings', values);

  it('name: line breaks removed, cut to 255 there, whole here', async () => {
    const { task, there } = await synced({ name: `first\nsecond ${'x'.repeat(300)}` });
    expect(there.Subject).toHaveLength(255);
    expect(there.Subject).toMatch(/^first second x+$/);
    expect((await world.here(task.id)).name).toMatch(/x{300}$/);
  });

  it('name: a Subject edited there comes here while the template is plain', async () => {
    const { task, there } = await synced();
    await world.editThere(there.Id, { Subject: 'renamed there' });
    await world.sync();
    expect((await world.here(task.id)).name).toBe('renamed there');
  });

  it('name: with another template it is rendered there, and an edit there stays there', async () => {
    const { task: before } = await synced({ name: 'not pushed again' });
    await settings({ subject_template: '[{{activity_type}}] {{activity_subject}}{{sales_campaign_name}}' });
    const { task, there } = await synced({ name: 'rendered', type: 'call' });
    expect(there.Subject).toBe('[Call] rendered');
    await world.editThere(there.Id, { Subject: 'edited there' });
    await world.sync();
    expect((await world.here(task.id)).name).toBe('rendered');
    expect((await world.there(there.Id)).Subject).toBe('edited there');
    expect((await world.thereOf(before.id)).Subject).toBe('not pushed again');
    await settings({ subject_template: '{{activity_subject}}' });
  });

  it('status: completed and reopened, both ways', async () => {
    const { task, there } = await synced();
    await world.act(task.id, 'complete');
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Completed');
    await world.editThere(there.Id, { Status: 'In Progress' });
    await world.sync();
    expect((await world.here(task.id)).status).toBe('open');
    expect((await world.there(there.Id)).Status).toBe('In Progress');
    await world.editThere(there.Id, { Status: 'Completed' });
    await world.sync();
    expect((await world.here(task.id)).status).toBe('completed');
    await world.act(task.id, 'reopen');
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Not Started');
  });

  it('status: another open value stays there, is shown here and changes nothing here', async () => {
    const { task, there } = await synced();
    await world.editThere(there.Id, { Status: 'Waiting on someone else' });
    await world.sync();
    await world.editHere(task.id, { details: 'something else changes' });
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Waiting on someone else');
    expect(await world.here(task.id)).toMatchObject({
      status: 'open',
      salesforce: { status: 'Waiting on someone else' },
    });
  });

  it('status: skipped becomes what the admin chose, and its echo changes nothing', async () => {
    const { task, there } = await synced();
    await world.act(task.id, 'skip');
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Completed');
    expect((await world.here(task.id)).status).toBe('skipped');

    await settings({ skipped_as: 'status', skipped_status: 'Deferred' });
    const second = await synced();
    await world.act(second.task.id, 'skip');
    await world.sync();
    expect((await world.there(second.there.Id)).Status).toBe('Deferred');
    expect((await world.here(second.task.id)).status).toBe('skipped');

    await settings({ skipped_as: 'deleted' });
    const third = await synced();
    await world.act(third.task.id, 'skip');
    await world.sync();
    expect((await world.there(third.there.Id)).IsDeleted).toBe(true);
    expect(await world.here(third.task.id)).toMatchObject({ status: 'skipped' });
    await settings({ skipped_as: 'completed' });
  });

  it('priority: by the org’s picklist; an unknown value stays there and is shown', async () => {
    const { task, there } = await synced({ priority: 'low' });
    expect(there.Priority).toBe('Low');
    await world.control('POST', 'picklists/Priority', {
      values: [{ value: 'High' }, { value: 'Normal', isDefault: true }, { value: 'Low' }, { value: 'Urgent' }],
    });
    await world.editThere(there.Id, { Priority: 'Urgent' });
    await world.sync();
    expect(await world.here(task.id)).toMatchObject({ priority: 'low', salesforce: { priority: 'Urgent' } });
    await world.editHere(task.id, { priority: 'high' });
    await world.sync();
    expect((await world.there(there.Id)).Priority).toBe('High');
  });

  it('reminder: set and cleared, both ways', async () => {
    const { task, there } = await synced({ reminder_at: '2026-03-09T08:30:00Z' });
    expect(there).toMatchObject({ IsReminderSet: true, ReminderDateTime: '2026-03-09T08:30:00.000+0000' });
    await world.editThere(there.Id, { IsReminderSet: false });
    await world.sync();
    expect((await world.here(task.id)).reminder_at).toBeNull();
    await world.editHere(task.id, { reminder_at: '2026-03-10T09:00:00Z' });
    await world.sync();
    expect((await world.there(there.Id)).IsReminderSet).toBe(true);
  });

  it('assignee: both ways between matched users', async () => {
    const { task, there } = await synced();
    await world.editHere(task.id, { assignee_id: bob.userId });
    await world.sync();
    expect((await world.there(there.Id)).OwnerId).toBe(bob.salesforceId);
    await world.editThere(there.Id, { OwnerId: ann.salesforceId }, bob);
    await world.sync();
    expect((await world.here(task.id)).assignee.id).toBe(ann.userId);
  });

  it('assignee: moved there to somebody who does not sync, it leaves the list, and comes back if it returns', async () => {
    const { task, there } = await synced({ name: 'wanders' });
    await world.editThere(there.Id, { OwnerId: cy.salesforceId });
    await world.sync();
    expect(await world.rowHere(task.id)).toMatchObject({ away: true, deleted: false });
    const listed = () => world.call<{ data: unknown[] }>('GET', '/v1/tasks?view=all&q=wanders', undefined, ann);
    expect((await listed()).data).toEqual([]);
    await world.editThere(there.Id, { OwnerId: ann.salesforceId }, cy);
    await world.sync();
    expect((await listed()).data).toHaveLength(1);
  });

  it('assignee: moved here to somebody without a Salesforce user is refused with a sentence', async () => {
    const { task } = await synced();
    await expect(world.editHere(task.id, { assignee_id: world.team.admin.userId })).rejects.toThrow(
      /no Salesforce user/,
    );
    expect((await world.here(task.id)).assignee.id).toBe(ann.userId);
  });

  it('person: kept as the record it is about, with its name and email here', async () => {
    const { rows } = await world.org.pool.query<{ id: string; name: string; email: string }>(
      'SELECT id, name, email FROM sf_contact WHERE email IS NOT NULL ORDER BY id LIMIT 1',
    );
    const contact = rows[0];
    const id = await world.createThere({ Subject: 'about somebody', WhoId: contact?.id });
    await world.sync();
    const task = await world.hereOf(id);
    expect(task).toMatchObject({
      who_id: contact?.id,
      person: { name: contact?.name, email: contact?.email.toLowerCase() },
    });
    const made = await world.createHere({ name: 'about the same', person_id: task.person?.id });
    await world.sync();
    expect((await world.thereOf(made.id)).WhoId).toBe(contact?.id);
  });

  it('related record: kept and shown by name', async () => {
    const { rows } = await world.org.pool.query<{ id: string; name: string }>(
      'SELECT id, name FROM sf_account ORDER BY id LIMIT 1',
    );
    const id = await world.createThere({ Subject: 'about an account', WhatId: rows[0]?.id });
    await world.sync();
    expect(await world.hereOf(id)).toMatchObject({ what_id: rows[0]?.id, what_name: rows[0]?.name });
  });

  it('never gives a reminder task a Type', async () => {
    const { there } = await synced({ type: 'call' });
    const { rows } = await world.org.pool.query<{ type: string | null }>('SELECT type FROM sf_task WHERE id = $1', [
      there.Id,
    ]);
    expect(rows[0]?.type).toBeNull();
  });

  it('parks a write that Salesforce refuses, with its reason, and tries again when the task changes', async () => {
    await world.fault(
      { body: 'forbidden word' },
      {
        rows: {
          containing: 'forbidden word',
          statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
          message: 'Say it nicely',
        },
      },
      { times: null },
    );
    const task = await world.createHere({ name: 'forbidden word' });
    const other = await world.createHere({ name: 'goes through' });
    await world.sync();
    expect((await world.here(task.id)).salesforce?.state).toBe('problem');
    expect((await world.here(other.id)).salesforce?.state).toBe('synced');
    const { data } = await world.call<{ data: { code: string; message: string; sentence: string; advice: string }[] }>(
      'GET',
      `/v1/salesforce/task-sync/problems?task_id=${task.id}`,
      undefined,
      ann,
    );
    expect(data).toMatchObject([
      { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: expect.stringContaining('Say it nicely') },
    ]);
    expect(data[0]?.advice.length).toBeGreaterThan(10);
    await world.editHere(task.id, { name: 'a better word' });
    await world.sync();
    expect((await world.here(task.id)).salesforce?.state).toBe('synced');
  });
});
