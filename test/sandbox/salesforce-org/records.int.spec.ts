import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'jsforce';
import { createTask, getTask, refusal, startTestOrg } from './support.js';
import type { Fields, TestOrg } from './support.js';

let org: TestOrg;
let conn: Connection;
let lead = '';
let contact = '';
let account = '';
const INACTIVE = 11;

beforeAll(async () => {
  org = await startTestOrg();
  conn = await org.connect();
  const create = async (type: string, fields: Fields): Promise<string> =>
    (await conn.requestPost<{ id: string }>(`/sobjects/${type}`, fields)).id;
  account = await create('Account', { Name: 'Acme' });
  contact = await create('Contact', { LastName: 'Lee', AccountId: account });
  lead = await create('Lead', { LastName: 'Fox', Company: 'Den' });
});
afterAll(() => org.stop());

const patch = (id: string, fields: Fields): Promise<unknown> => conn.requestPatch(`/sobjects/Task/${id}`, fields);
const remove = (id: string): Promise<unknown> => conn.requestDelete(`/sobjects/Task/${id}`);

describe('a new task', () => {
  it('gets defaults, stamps in whole seconds and an id of its kind', async () => {
    const id = await createTask(conn, { Subject: 'Hello' });
    expect(id).toMatch(/^00T\w{15}$/);
    expect(await getTask(conn, id)).toMatchObject({
      Id: id,
      Status: 'Not Started',
      Priority: 'Normal',
      OwnerId: org.users[0]?.id,
      IsClosed: false,
      IsDeleted: false,
      TaskSubtype: 'Task',
      CreatedById: org.users[0]?.id,
      CompletedDateTime: null,
      CreatedDate: '2026-03-18T12:00:00.000+0000',
      SystemModstamp: '2026-03-18T12:00:00.000+0000',
      Command_Center_Key__c: null,
    });
  });

  it('has its text normalised', async () => {
    const id = await createTask(conn, {
      Subject: '  two  words \r\n',
      Description: 'a\r\nb\rc  ',
      CallDisposition: '  ',
    });
    expect(await getTask(conn, id)).toMatchObject({
      Subject: 'two  words',
      Description: 'a\nb\nc',
      CallDisposition: null,
    });
  });

  it('takes text to the last character', async () => {
    const Subject = 'ü'.repeat(255);
    const Description = '𝄞'.repeat(16_000);
    const id = await createTask(conn, { Subject, Description });
    expect(await getTask(conn, id)).toMatchObject({ Subject, Description });
  });

  it('keeps a due date as the text it is', async () => {
    for (const date of ['2026-03-29', '2026-10-25', '2028-02-29', '1999-12-31']) {
      expect((await getTask(conn, await createTask(conn, { ActivityDate: date })))['ActivityDate']).toBe(date);
    }
  });

  it('derives the account from what, else from who', async () => {
    expect((await getTask(conn, await createTask(conn, { WhoId: contact })))['AccountId']).toBe(account);
    expect((await getTask(conn, await createTask(conn, { WhatId: account })))['AccountId']).toBe(account);
    expect((await getTask(conn, await createTask(conn, { WhoId: lead })))['AccountId']).toBe(null);
  });

  it('is stamped as completed when it is created closed', async () => {
    const id = await createTask(conn, { Status: 'Completed' });
    expect(await getTask(conn, id)).toMatchObject({
      IsClosed: true,
      CompletedDateTime: '2026-03-18T12:00:00.000+0000',
    });
  });

  it.each<[string, () => Fields, string, RegExp]>([
    [
      'a long text',
      () => ({ Subject: 'x'.repeat(256) }),
      'STRING_TOO_LONG',
      /^Subject: data value too large: x+ \(max length=255\)$/,
    ],
    [
      'an unknown status',
      () => ({ Status: 'Soon' }),
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      /bad value for restricted picklist field: Soon/,
    ],
    ['an id of its own', () => ({ Id: '00T5g0000zzzzzz' }), 'INVALID_FIELD_FOR_INSERT_UPDATE', /cannot specify Id/],
    [
      'a field that is computed',
      () => ({ IsClosed: true }),
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      /Unable to create\/update fields: IsClosed/,
    ],
    [
      'an unknown field',
      () => ({ Nonsense__c: 1 }),
      'INVALID_FIELD',
      /No such column 'Nonsense__c' on sobject of type Task/,
    ],
    [
      'no date',
      () => ({ ActivityDate: '18.03.2026' }),
      'JSON_PARSER_ERROR',
      /Cannot deserialize instance of date from VALUE_STRING value 18.03.2026/,
    ],
    ['a number for a text', () => ({ Subject: 5 }), 'JSON_PARSER_ERROR', /Cannot deserialize instance of string/],
    ['no id', () => ({ WhoId: 'nobody' }), 'MALFORMED_ID', /id value of incorrect type: nobody/],
    ['the id of another kind', () => ({ WhoId: account }), 'MALFORMED_ID', /Name ID: id value of incorrect type/],
    [
      'the id of nobody',
      () => ({ WhoId: '00Q5g0000zzzzzz' }),
      'INVALID_CROSS_REFERENCE_KEY',
      /invalid cross reference id/,
    ],
    [
      'a lead with a related record',
      () => ({ WhoId: lead, WhatId: account }),
      'FIELD_INTEGRITY_EXCEPTION',
      /Related To ID/,
    ],
    [
      'an inactive owner',
      () => ({ OwnerId: org.users[INACTIVE]?.id }),
      'INACTIVE_OWNER_OR_USER',
      /operation performed with inactive user \[005\w{12}\]/,
    ],
    [
      'a due date on a recurring series',
      () => ({ IsRecurrence: true, ActivityDate: '2026-03-20' }),
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      /ActivityDate/,
    ],
  ])('is refused with %s', async (_, fields, errorCode, message) => {
    const error = await refusal(createTask(conn, fields()));
    expect(error.errorCode).toBe(errorCode);
    expect(error.message).toMatch(message);
  });

  it('is refused for a converted lead, whose tasks moved to the contact', async () => {
    const { id } = await conn.requestPost<{ id: string }>('/sobjects/Lead', { LastName: 'Was', Company: 'Lead' });
    const task = await createTask(conn, { WhoId: id });
    const converted = await org.control<{ contactId: string; accountId: string }>('POST', `leads/${id}/convert`);
    expect(await getTask(conn, task)).toMatchObject({ WhoId: converted.contactId, AccountId: converted.accountId });
    const error = await refusal(createTask(conn, { WhoId: id }));
    expect(error).toEqual({ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead' });
  });
});

describe('an update', () => {
  it('moves the stamps, and says who did it', async () => {
    const id = await createTask(conn, { Subject: 'a' });
    await org.advance(90_000);
    const rep = await org.connect(4);
    await rep.requestPatch(`/sobjects/Task/${id.slice(0, 15)}`, { Priority: 'High' });
    const task = await getTask(conn, id);
    expect(task).toMatchObject({ Priority: 'High', IsHighPriority: true, LastModifiedById: org.users[4]?.id });
    expect(task['SystemModstamp']).not.toBe(task['CreatedDate']);
    expect(task['SystemModstamp']).toBe(task['LastModifiedDate']);
  });

  it('sets the time of completion on closing and clears it on reopening', async () => {
    const id = await createTask(conn, { Subject: 'a' });
    await patch(id, { Status: 'Completed' });
    const closed = await getTask(conn, id);
    expect(closed).toMatchObject({ IsClosed: true });
    expect(closed['CompletedDateTime']).not.toBeNull();
    await patch(id, { Status: 'Deferred' });
    expect(await getTask(conn, id)).toMatchObject({ IsClosed: false, CompletedDateTime: null });
  });

  it.each<[string, Fields, string]>([
    ['no status', { Status: null }, 'REQUIRED_FIELD_MISSING'],
    ['another subtype', { TaskSubtype: 'Call' }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    ['an id in its body', { Id: '00T5g0000zzzzzz' }, 'INVALID_FIELD'],
    ['another archive mark', { IsArchived: true }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
  ])('is refused with %s', async (_, fields, errorCode) => {
    const id = await createTask(conn, { Subject: 'a' });
    expect((await refusal(patch(id, fields))).errorCode).toBe(errorCode);
  });

  it('keeps a task with an owner who left, but gives it to none', async () => {
    const id = await createTask(conn, { OwnerId: org.users[5]?.id });
    await org.control('PATCH', `users/${org.users[5]?.id ?? ''}`, { isActive: false });
    await patch(id, { Subject: 'still theirs' });
    expect((await refusal(patch(await createTask(conn, {}), { OwnerId: org.users[5]?.id }))).errorCode).toBe(
      'INACTIVE_OWNER_OR_USER',
    );
  });

  it('is refused when the record changed since the client read it', async () => {
    const id = await createTask(conn, { Subject: 'a' });
    const { now } = await org.control<{ now: string }>('GET', 'state');
    const update = (since: Date): Promise<unknown> =>
      conn.request({
        method: 'PATCH',
        url: `/sobjects/Task/${id}`,
        body: JSON.stringify({ Subject: 'b' }),
        headers: { 'content-type': 'application/json', 'If-Unmodified-Since': since.toUTCString() },
      });
    expect((await refusal(update(new Date(Date.parse(now) - 60_000)))).errorCode).toBe('PRECONDITION_FAILED');
    await update(new Date(now));
  });
});

describe('records that are not there', () => {
  it.each([
    ['GET', '00T5g0000zzzzzz', 404, 'NOT_FOUND'],
    ['GET', 'nonsense', 404, 'NOT_FOUND'],
    ['PATCH', '00T5g0000zzzzzz', 404, 'INVALID_CROSS_REFERENCE_KEY'],
    ['DELETE', '00T5g0000zzzzzz', 404, 'INVALID_CROSS_REFERENCE_KEY'],
    ['PATCH', 'nonsense', 400, 'MALFORMED_ID'],
  ])('%s of %s', async (method, id, status, errorCode) => {
    const answer = await fetch(`${org.url}/services/data/v60.0/sobjects/Task/${id}`, {
      method,
      headers: { authorization: `Bearer ${conn.accessToken ?? ''}` },
      ...(method === 'PATCH' ? { body: '{"Subject":"x"}' } : {}),
    });
    expect([answer.status, await answer.json()]).toMatchObject([status, [{ errorCode }]]);
    expect(answer.headers.get('sforce-limit-info')).toMatch(/^api-usage=\d+\/100000$/);
  });

  it('say so when they are in the recycle bin', async () => {
    const id = await createTask(conn, { Subject: 'a' });
    await remove(id);
    expect(await refusal(getTask(conn, id))).toEqual({ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' });
    expect((await refusal(patch(id, { Subject: 'b' }))).errorCode).toBe('ENTITY_IS_DELETED');
    expect((await refusal(remove(id))).errorCode).toBe('ENTITY_IS_DELETED');
  });

  it('leave nothing but a 404 for unknown objects and resources', async () => {
    expect((await refusal(conn.requestGet('/sobjects/Nonsense'))).errorCode).toBe('NOT_FOUND');
    expect((await refusal(conn.requestGet('/nonsense'))).errorCode).toBe('NOT_FOUND');
    expect((await refusal(conn.requestPost('/sobjects/Task/describe', {}))).errorCode).toBe('METHOD_NOT_ALLOWED');
  });
});
