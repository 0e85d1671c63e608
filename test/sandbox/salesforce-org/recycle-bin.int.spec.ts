import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'jsforce';
import { createTask, getTask, refusal, startTestOrg } from './support.js';
import type { TestOrg } from './support.js';

let org: TestOrg;
let conn: Connection;
beforeAll(async () => {
  org = await startTestOrg();
  conn = await org.connect();
});
afterAll(() => org.stop());

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

async function now(): Promise<number> {
  return Date.parse((await org.control<{ now: string }>('GET', 'state')).now);
}

/** getUpdated and getDeleted of the last minutes; the end lies in the future, as clients ask. */
async function changes(minutes: number): Promise<{ updated: string[]; deleted: string[]; covered: string[] }> {
  const at = await now();
  const start = new Date(at - minutes * MINUTE);
  const end = new Date(at + MINUTE);
  const updated = await conn.sobject('Task').updated(start, end);
  const deleted = await conn.sobject('Task').deleted(start, end);
  return {
    updated: updated.ids,
    deleted: deleted.deletedRecords.map((r) => r.id),
    covered: [updated.latestDateCovered, deleted.latestDateCovered],
  };
}

const remove = (id: string): Promise<unknown> => conn.requestDelete(`/sobjects/Task/${id}`);

describe('the recycle bin', () => {
  it('gives a task back with the id it had, by jsforce as it is', async () => {
    const id = await createTask(conn, { Subject: 'back again', Command_Center_Key__c: 'back' });
    await org.advance(MINUTE);
    await remove(id);
    const [result] = await conn.soap.undelete([id]);
    expect(result).toMatchObject({ id, success: true });
    const task = await getTask(conn, id);
    expect(task).toMatchObject({ Subject: 'back again', IsDeleted: false, Command_Center_Key__c: 'back' });
    expect(task['SystemModstamp']).not.toBe(task['CreatedDate']);
  });

  it('takes a plain envelope with the session id, and answers for each id', async () => {
    const id = await createTask(conn, { Subject: 'plain' });
    await remove(id);
    const body = `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com">
      <e:Header><SessionHeader><sessionId>${conn.accessToken ?? ''}</sessionId></SessionHeader></e:Header>
      <e:Body><undelete><ids>${id}</ids><ids>00T5g0000zzzzzz</ids></undelete></e:Body></e:Envelope>`;
    const headers = { 'content-type': 'text/xml', SOAPAction: '""' };
    const answer = await fetch(`${org.url}/services/Soap/u/60.0`, { method: 'POST', body, headers });
    const text = await answer.text();
    expect(text).toContain(`<id>${id}</id><success>true</success>`);
    expect(text).toContain('<statusCode>INVALID_CROSS_REFERENCE_KEY</statusCode>');
    const fault = await fetch(`${org.url}/services/Soap/u/60.0`, {
      method: 'POST',
      body: '<Body><undelete/></Body>',
      headers,
    });
    expect([fault.status, await fault.text()]).toEqual([
      500,
      expect.stringContaining('<faultcode>sf:INVALID_SESSION_ID</faultcode>'),
    ]);
  });

  it('frees the unique key, and keeps the older task in the bin when the key was taken', async () => {
    const first = await createTask(conn, { Command_Center_Key__c: 'taken' });
    await remove(first);
    const second = await createTask(conn, { Command_Center_Key__c: 'taken' });
    const [result] = await conn.soap.undelete([first]);
    expect(result?.success).toBe(false);
    expect(JSON.stringify(result)).toContain(second.slice(0, 15));
    expect((await refusal(getTask(conn, first))).errorCode).toBe('ENTITY_IS_DELETED');
  });

  it('can be emptied: the task is gone for good', async () => {
    const id = await createTask(conn, { Subject: 'for good' });
    await remove(id);
    expect((await changes(10)).deleted).toContain(id);
    expect(await org.control('POST', 'recycle-bin/empty', { ids: [id] })).toEqual({ count: 1 });
    expect((await changes(10)).deleted).not.toContain(id);
    expect((await refusal(getTask(conn, id))).errorCode).toBe('NOT_FOUND');
    expect((await conn.query(`SELECT Id FROM Task WHERE Id = '${id}'`, { scanAll: true })).totalSize).toBe(0);
    expect(await conn.soap.undelete([id])).toMatchObject([{ success: false }]);
  });
});

describe('getUpdated and getDeleted', () => {
  it('tell what changed in an interval, and how far the answer reaches', async () => {
    await org.advance(DAY);
    const kept = await createTask(conn, { Subject: 'kept' });
    const gone = await createTask(conn, { Subject: 'gone' });
    await remove(gone);
    const { updated, deleted, covered } = await changes(10);
    expect(updated).toEqual([kept]);
    expect(deleted).toEqual([gone]);
    const stamp = new Date(await now()).toISOString().slice(0, 19);
    expect(covered).toEqual([`${stamp}.000+0000`, `${stamp}.000+0000`]);
    await conn.soap.undelete([gone]);
    expect((await changes(10)).deleted).toEqual([]);
  });

  it('refuse what lies too far back or is too short', async () => {
    const at = await now();
    const task = conn.sobject('Task');
    const ask = (call: 'updated' | 'deleted', from: number, to: number): Promise<unknown> =>
      task[call](new Date(from), new Date(to));
    await ask('updated', at - 29 * DAY, at);
    await ask('deleted', at - 14 * DAY, at);
    for (const [call, from] of [
      ['updated', at - 31 * DAY],
      ['deleted', at - 16 * DAY],
      ['deleted', at - 30_000],
    ] as const) {
      expect((await refusal(ask(call, from, at))).errorCode).toBe('INVALID_REPLICATION_DATE');
    }
  });
});
