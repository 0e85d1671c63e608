import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'jsforce';
import { createTask, getTask, refusal, startTestOrg } from './support.js';
import type { Fields, TestOrg } from './support.js';

let org: TestOrg;
let conn: Connection;
beforeAll(async () => {
  org = await startTestOrg();
  conn = await org.connect();
});
afterAll(() => org.stop());

const patch = (id: string, fields: Fields): Promise<unknown> => conn.requestPatch(`/sobjects/Task/${id}`, fields);

describe('the key field', () => {
  const FIELD = 'Command_Center_Key__c';

  it('is described as a unique external id', async () => {
    const { fields } = await conn.describe('Task');
    expect(fields.find((f) => f.name === FIELD)).toMatchObject({
      type: 'string',
      length: 255,
      externalId: true,
      unique: true,
      createable: true,
      updateable: true,
    });
  });

  it('refuses a second record, whatever the case, and names the first in 15 characters', async () => {
    const id = await createTask(conn, { [FIELD]: 'Key-1' });
    expect(await refusal(createTask(conn, { [FIELD]: 'KEY-1' }))).toEqual({
      errorCode: 'DUPLICATE_VALUE',
      message: `duplicate value found: ${FIELD} duplicates value on record with id: ${id.slice(0, 15)}`,
    });
    const other = await createTask(conn, {});
    expect((await refusal(patch(other, { [FIELD]: 'key-1' }))).errorCode).toBe('DUPLICATE_VALUE');
    await patch(id, { [FIELD]: 'key-1' });
  });

  it('is unique also when twenty clients insert at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => createTask(conn, { [FIELD]: 'raced' })));
    expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1);
  });

  it('finds, updates and creates records', async () => {
    const upsert = (key: string, fields: Fields): Promise<unknown> =>
      conn.requestPatch(`/sobjects/Task/${FIELD}/${key}`, fields);
    const created = await upsert('up%2Fsert', { Subject: 'one' });
    expect(created).toMatchObject({ success: true, created: true });
    expect(await upsert('up%2Fsert', { Subject: 'two' })).toMatchObject({ created: false });
    expect(await conn.requestGet(`/sobjects/Task/${FIELD}/up%2Fsert`)).toMatchObject({
      Subject: 'two',
      [FIELD]: 'up/sert',
    });
    expect((await refusal(conn.requestGet(`/sobjects/Task/${FIELD}/none`))).errorCode).toBe('NOT_FOUND');
    expect((await refusal(conn.requestGet(`/sobjects/Task/Subject/two`))).errorCode).toBe('NOT_FOUND');
  });

  it('lets doubles in when it is not unique, and an upsert then has multiple choices', async () => {
    await org.control('POST', 'fields', { unique: false });
    await createTask(conn, { [FIELD]: 'double' });
    await createTask(conn, { [FIELD]: 'double' });
    const error = await refusal(conn.requestPatch(`/sobjects/Task/${FIELD}/double`, { Subject: 'x' }));
    expect(error.errorCode).toBe('MULTIPLE_CHOICES');
    await org.pool.query(`DELETE FROM sf_task WHERE command_center_key = 'double'`);
    await org.control('POST', 'fields', { unique: true });
    expect((await refusal(createTask(conn, { [FIELD]: 'key-1' }))).errorCode).toBe('DUPLICATE_VALUE');
  });

  it('can be removed and comes back with its values', async () => {
    const id = await createTask(conn, { [FIELD]: 'kept' });
    await org.control('DELETE', `fields/Task/${FIELD}`);
    expect((await refusal(createTask(conn, { [FIELD]: 'x' }))).errorCode).toBe('INVALID_FIELD');
    expect((await refusal(conn.query(`SELECT ${FIELD} FROM Task`))).errorCode).toBe('INVALID_FIELD');
    expect((await conn.describe('Task')).fields.map((f) => f.name)).not.toContain(FIELD);
    await patch(id, { Subject: 'changed meanwhile' });
    await org.control('POST', 'fields', {});
    expect(await getTask(conn, id)).toMatchObject({ [FIELD]: 'kept', Subject: 'changed meanwhile' });
  });
});

describe('what an admin changes', () => {
  it('adds a custom field that is written, read and queried', async () => {
    await org.control('POST', 'fields', { name: 'Call_Outcome__c', type: 'string', length: 40 });
    const id = await createTask(conn, { Call_Outcome__c: ' Voicemail ' });
    expect(await getTask(conn, id)).toMatchObject({ Call_Outcome__c: 'Voicemail' });
    const { records } = await conn.query(`SELECT Id FROM Task WHERE Call_Outcome__c = 'voicemail'`);
    expect(records).toMatchObject([{ Id: id }]);
    expect((await refusal(createTask(conn, { Call_Outcome__c: 'x'.repeat(41) }))).errorCode).toBe('STRING_TOO_LONG');
  });

  it('changes the statuses, in describe, TaskStatus and the rules', async () => {
    await org.control('POST', 'picklists/Status', {
      values: [
        { value: 'Offen', isDefault: true },
        { value: 'Erledigt', label: 'Fertig', isClosed: true },
      ],
    });
    const { records } = await conn.query(
      'SELECT ApiName, MasterLabel, IsClosed, IsDefault, SortOrder FROM TaskStatus ORDER BY SortOrder',
    );
    expect(records).toMatchObject([
      { ApiName: 'Offen', IsClosed: false, IsDefault: true, SortOrder: 1 },
      { ApiName: 'Erledigt', MasterLabel: 'Fertig', IsClosed: true },
    ]);
    const id = await createTask(conn, {});
    await patch(id, { Status: 'Erledigt' });
    expect(await getTask(conn, id)).toMatchObject({ Status: 'Erledigt', IsClosed: true });
    expect((await refusal(createTask(conn, { Status: 'Completed' }))).errorCode).toBe(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    );
  });
});
