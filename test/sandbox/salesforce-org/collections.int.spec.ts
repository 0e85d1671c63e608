import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'jsforce';
import { collection, createTask, getTask, refusal, startTestOrg } from './support.js';
import type { SaveResult, TestOrg } from './support.js';

let org: TestOrg;
let conn: Connection;
beforeAll(async () => {
  org = await startTestOrg();
  conn = await org.connect();
});
afterAll(() => org.stop());

const KEY = 'Command_Center_Key__c';
const count = async (condition: string): Promise<number> =>
  (await conn.query(`SELECT COUNT() FROM Task WHERE ${condition}`)).totalSize;

describe('collections', () => {
  it('answer 200 records in their order, good and bad ones side by side', async () => {
    const records = Array.from({ length: 200 }, (_, i) => ({
      Subject: i % 10 === 3 ? 'x'.repeat(256) : `row ${i}`,
      [KEY]: `order-${i}`,
    }));
    const results = await collection(conn, 'POST', records);
    expect(results.map((r) => r.success)).toEqual(records.map((_, i) => i % 10 !== 3));
    const ids = results.flatMap((r) => r.id ?? []);
    const tasks = await conn.requestPost<({ Subject: string } | null)[]>('/composite/sobjects/Task', {
      ids,
      fields: ['Subject'],
    });
    expect(tasks.map((t) => t?.Subject)).toEqual(records.map((r) => r.Subject).filter((s) => s.length < 255));
    expect(results[3]?.errors).toMatchObject([{ statusCode: 'STRING_TOO_LONG', fields: ['Subject'] }]);
  });

  it('refuse doubles inside one batch as well as against what is there', async () => {
    const first = await createTask(conn, { [KEY]: 'dup-0' });
    const results = await collection(
      conn,
      'POST',
      ['dup-0', 'dup-1', 'DUP-1', 'dup-2'].map((k) => ({ [KEY]: k })),
    );
    expect(results.map((r) => r.success)).toEqual([false, true, false, true]);
    const message = (id = ''): string =>
      `duplicate value found: ${KEY} duplicates value on record with id: ${id.slice(0, 15)}`;
    expect(results[0]?.errors).toEqual([{ statusCode: 'DUPLICATE_VALUE', message: message(first), fields: [] }]);
    expect(results[2]?.errors[0]?.message).toBe(message(results[1]?.id));
  });

  it('leave nothing behind when one fails and all were wanted', async () => {
    const records = [
      { Subject: 'all or none' },
      { Subject: 'all or none', Status: 'Nope' },
      { Subject: 'all or none' },
    ];
    const results = await collection(conn, 'POST', records, true);
    expect(results.map((r) => r.errors[0]?.statusCode)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
    ]);
    expect(await count(`Subject = 'all or none'`)).toBe(0);
  });

  it('update each record by its own fields', async () => {
    const made = await collection(conn, 'POST', [
      { Subject: 'a', Priority: 'Low' },
      { Subject: 'b' },
      { Subject: 'c' },
    ]);
    const [a = '', b = '', c = ''] = made.map((r) => r.id);
    await conn.requestDelete(`/sobjects/Task/${c}`);
    const results = await collection(conn, 'PATCH', [
      { Id: b, ActivityDate: '2026-04-01' },
      { id: a.slice(0, 15), Subject: 'A' },
      { Id: c, Subject: 'gone' },
      { Id: '00T5g0000zzzzzz', Subject: 'never was' },
      { Id: 'nonsense', Subject: 'x' },
      { Id: b, Subject: 'again' },
    ]);
    expect(results.map((r) => r.errors[0]?.statusCode)).toEqual([
      undefined,
      undefined,
      'ENTITY_IS_DELETED',
      'INVALID_CROSS_REFERENCE_KEY',
      'MALFORMED_ID',
      'DUPLICATE_VALUE',
    ]);
    expect(await getTask(conn, a)).toMatchObject({ Subject: 'A', Priority: 'Low' });
    expect(await getTask(conn, b)).toMatchObject({ Subject: 'b', ActivityDate: '2026-04-01' });
  });

  it('retrieve by id, null for what is missing', async () => {
    const id = await createTask(conn, { Subject: 'here' });
    const gone = await createTask(conn, { Subject: 'gone' });
    await conn.requestDelete(`/sobjects/Task/${gone}`);
    const fields = ['Id', 'Subject', 'Owner.Name'];
    const answer = await conn.requestPost('/composite/sobjects/Task', {
      ids: [gone, id.slice(0, 15), '00T5g0000zzzzzz'],
      fields,
    });
    expect(answer).toEqual([null, expect.objectContaining({ Id: id, Subject: 'here' }), null]);
    expect(
      (await refusal(conn.requestPost('/composite/sobjects/Task', { ids: [id], fields: ['Nope'] }))).errorCode,
    ).toBe('INVALID_FIELD');
  });

  it('upsert: create, update, and refuse a key given twice', async () => {
    await createTask(conn, { [KEY]: 'upsert-a', Subject: 'old' });
    const records = ['upsert-a', 'upsert-b', 'upsert-c', 'upsert-c'].map((k) => ({ [KEY]: k, Subject: 'new' }));
    const results = await collection(conn, 'PATCH', records, false, `/Task/${KEY}`);
    expect(results.map((r) => r.created ?? r.errors[0]?.statusCode)).toEqual([
      false,
      true,
      'DUPLICATE_VALUE',
      'DUPLICATE_VALUE',
    ]);
    expect(await count(`${KEY} LIKE 'upsert-%' AND Subject = 'new'`)).toBe(2);
  });

  it('delete by ids', async () => {
    const [a, b] = (await collection(conn, 'POST', [{ Subject: 'a' }, { Subject: 'b' }])).map((r) => r.id ?? '');
    const results = await conn.requestDelete<SaveResult[]>(`/composite/sobjects?ids=${a},${b},${a}&allOrNone=false`);
    expect(results.map((r) => r.success)).toEqual([true, true, false]);
    const again = await conn.requestDelete<SaveResult[]>(`/composite/sobjects?ids=${a}`);
    expect(again[0]?.errors).toEqual([{ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }]);
  });

  it('hold at most 200 records, or 2,000 to retrieve', async () => {
    const many = Array.from({ length: 201 }, () => ({ Subject: 'x' }));
    expect((await refusal(collection(conn, 'POST', many))).errorCode).toBe('EXCEEDED_MAX_SIZE_REQUEST');
    const ids = Array.from({ length: 2001 }, () => '00T5g0000zzzzzz');
    expect((await refusal(conn.requestPost('/composite/sobjects/Task', { ids, fields: ['Id'] }))).errorCode).toBe(
      'EXCEEDED_MAX_SIZE_REQUEST',
    );
  });

  it('run under jsforce as it is', async () => {
    const tasks = conn.sobject('Task');
    const made = await tasks.create([{ Subject: 'j1' }, { Subject: 'j2' }]);
    expect(made.map((r) => r.success)).toEqual([true, true]);
    const ids = made.map((r) => r.id ?? '');
    expect(await tasks.retrieve(ids, { fields: ['Subject'] })).toMatchObject([{ Subject: 'j1' }, { Subject: 'j2' }]);
    const updated = await tasks.update(ids.map((Id) => ({ Id, Priority: 'High' })));
    expect(updated.every((r) => r.success)).toBe(true);
    const upserted = await tasks.upsert([{ [KEY]: 'j3', Subject: 'j3' }], KEY);
    expect(upserted).toMatchObject([{ success: true, created: true }]);
    expect((await tasks.destroy(ids)).every((r) => r.success)).toBe(true);
  });
});

describe('composite', () => {
  const run = (
    compositeRequest: unknown[],
    allOrNone = false,
  ): Promise<{ compositeResponse: { httpStatusCode: number; body: unknown; referenceId: string }[] }> =>
    conn.requestPost('/composite', { allOrNone, compositeRequest });
  const base = '/services/data/v60.0';
  const part = (referenceId: string, method: string, url: string, body?: unknown): unknown => ({
    referenceId,
    method,
    url: base + url,
    body,
  });

  it('hands on ids and query results from part to part, as one call', async () => {
    await org.control('DELETE', 'calls');
    const { compositeResponse } = await run([
      part('lead', 'POST', '/sobjects/Lead', { LastName: 'Ref', Company: 'C' }),
      part('task', 'POST', '/sobjects/Task', { Subject: 'by ref', WhoId: '@{lead.id}' }),
      part('found', 'GET', `/query?q=SELECT+Id,Subject+FROM+Task+WHERE+WhoId='@{lead.id}'`),
      part('changed', 'PATCH', '/sobjects/Task/@{found.records[0].Id}', {
        Description: 'was: @{found.records[0].Subject}',
      }),
      part('read', 'GET', '/sobjects/Task/@{task.id}?fields=Description,WhoId'),
      part('made', 'POST', '/composite/sobjects', { records: [{ attributes: { type: 'Task' }, Subject: 'c' }] }),
      part('gone', 'DELETE', '/sobjects/Task/@{made[0].id}'),
    ]);
    expect(compositeResponse.map((r) => [r.referenceId, r.httpStatusCode])).toEqual([
      ['lead', 201],
      ['task', 201],
      ['found', 200],
      ['changed', 204],
      ['read', 200],
      ['made', 200],
      ['gone', 204],
    ]);
    expect(compositeResponse[4]?.body).toMatchObject({ Description: 'was: by ref' });
    expect(await org.control('GET', 'calls')).toMatchObject({ byKind: { composite: 1 } });
  });

  it('goes on after an error, which only stops what refers to it', async () => {
    const { compositeResponse } = await run([
      part('bad', 'POST', '/sobjects/Task', { Status: 'Nope' }),
      part('needs', 'GET', '/sobjects/Task/@{bad.id}'),
      part('free', 'POST', '/sobjects/Task', { Subject: 'free' }),
    ]);
    expect(compositeResponse.map((r) => r.httpStatusCode)).toEqual([400, 400, 201]);
    expect(compositeResponse[0]?.body).toMatchObject([{ errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' }]);
    expect(compositeResponse[1]?.body).toMatchObject([{ errorCode: 'PROCESSING_HALTED' }]);
  });

  it('undoes everything when one fails and all were wanted', async () => {
    const { compositeResponse } = await run(
      [
        part('a', 'POST', '/sobjects/Task', { Subject: 'together' }),
        part('b', 'POST', '/sobjects/Task', { Status: 'Nope' }),
      ],
      true,
    );
    expect(compositeResponse.map((r) => r.body)).toMatchObject([
      [{ errorCode: 'PROCESSING_HALTED' }],
      [{ errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' }],
    ]);
    expect(await count(`Subject = 'together'`)).toBe(0);
  });

  it('holds 1,000 records in five collections, and no sixth', async () => {
    const batch = (n: number): unknown =>
      part(`c${n}`, 'POST', '/composite/sobjects', {
        records: Array.from({ length: 200 }, (_, i) => ({
          attributes: { type: 'Task' },
          Subject: 'bulk',
          [KEY]: `bulk-${n}-${i}`,
        })),
      });
    const { compositeResponse } = await run([1, 2, 3, 4, 5].map(batch));
    const results = compositeResponse.flatMap((r) => r.body as SaveResult[]);
    expect(results.filter((r) => r.success)).toHaveLength(1000);
    expect((await refusal(run([1, 2, 3, 4, 5, 6].map(batch)))).errorCode).toBe('LIMIT_EXCEEDED');
    const many = Array.from({ length: 26 }, (_, i) => part(`p${i}`, 'GET', '/limits'));
    expect((await refusal(run(many))).errorCode).toBe('LIMIT_EXCEEDED');
  });
});
