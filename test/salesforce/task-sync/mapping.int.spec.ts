import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

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

  it('status: an admin may choose other values of the org, open for open and closed for completed', async () => {
    const values = ['Not Started', 'In Progress', 'Completed', 'Deferred', 'Waiting on someone else', 'Won'];
    await world.control('POST', 'picklists/Status', {
      values: values.map((value, index) => ({
        value,
        isDefault: index === 0,
        isClosed: value === 'Completed' || value === 'Won',
      })),
    });
    await world.call('POST', '/v1/salesforce/task-sync/sync-now');
    await world.sync();
    await expect(settings({ completed_status: 'In Progress' })).rejects.toThrow(/an open status/);
    await expect(settings({ open_status: 'No such' })).rejects.toThrow(/no Task status/);
    await settings({ open_status: 'In Progress', completed_status: 'Won' });
    const { task, there } = await synced();
    expect(there.Status).toBe('In Progress');
    await world.act(task.id, 'complete');
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Won');
    await settings({ open_status: null, completed_status: null });
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

  it('person: a converted lead is followed to its contact', async () => {
    const { rows } = await world.org.pool.query<{ id: string; email: string }>(
      'SELECT id, email FROM sf_lead WHERE email IS NOT NULL AND NOT is_converted ORDER BY id LIMIT 1',
    );
    const lead = rows[0];
    const id = await world.createThere({ Subject: 'about a lead', WhoId: lead?.id });
    await world.sync();
    const before = await world.hereOf(id);
    expect(before.who_id).toBe(lead?.id);
    const { contactId } = await world.control<{ contactId: string }>('POST', `leads/${lead?.id}/convert`, {});
    await world.sync();
    const after = await world.hereOf(id);
    expect(after.who_id).toBe(contactId);
    expect(after.person?.id).toBe(before.person?.id);
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
