import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from 'jsforce';
import { collection, createTask, getTask, refusal, startTestOrg } from './support.js';
import type { TestOrg } from './support.js';

let org: TestOrg;
let conn: Connection;
beforeAll(async () => {
  org = await startTestOrg();
  conn = await org.connect();
});
afterEach(async () => {
  await org.control('DELETE', 'validation-rules');
  await org.control('POST', 'flows', { perRecordMs: 0 });
  await org.control('DELETE', 'faults');
});
afterAll(() => org.stop());

const count = async (condition: string): Promise<number> =>
  (await conn.query(`SELECT COUNT() FROM Task WHERE ${condition}`)).totalSize;
const rule = (body: unknown) => org.control('POST', 'validation-rules', body);

describe('validation rules', () => {
  it('refuse a record by what a field would hold, and the others go through', async () => {
    await rule({ name: 'No gossip', field: 'Description', matches: '(?:^|\\W)gossip', message: 'No gossip, please' });
    const results = await collection(conn, 'POST', [
      { Subject: 'ruled 1', Description: 'facts' },
      { Subject: 'ruled 2', Description: 'gossip' },
      { Subject: 'ruled 3' },
    ]);
    expect(results.map(({ success }) => success)).toEqual([true, false, true]);
    expect(results[1]?.errors).toEqual([
      { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No gossip, please', fields: [] },
    ]);
    expect(await count(`Subject LIKE 'ruled %'`)).toBe(2);
  });

  it('are asked at every save, also when another field is sent', async () => {
    const id = await createTask(conn, { Subject: 'without words' });
    await rule({ field: 'Description', matches: '^$', message: 'Say why' });
    const update = (fields: object) =>
      conn.request({ method: 'PATCH', url: `/sobjects/Task/${id}`, body: JSON.stringify(fields) });
    expect(await refusal(update({ Priority: 'High' }))).toEqual({
      errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      message: 'Say why',
    });
    await update({ Priority: 'High', Description: 'because' });
    expect(await getTask(conn, id)).toMatchObject({ Priority: 'High', Description: 'because' });
  });

  it('are listed, replaced by name and removed', async () => {
    const first = { name: 'one', object: 'Task', field: 'Subject', matches: 'a', message: 'no a' };
    await rule(first);
    await rule({ ...first, matches: 'b' });
    await rule({ ...first, name: 'two' });
    expect(await org.control('GET', 'validation-rules')).toEqual([
      { ...first, matches: 'b' },
      { ...first, name: 'two' },
    ]);
    await org.control('DELETE', 'validation-rules/one');
    expect(await org.control('GET', 'validation-rules')).toHaveLength(1);
    await expect(rule({ field: 'Nothing', matches: 'a' })).rejects.toThrow(/a rule needs a field/);
    await expect(rule({ field: 'Subject', matches: '(' })).rejects.toThrow(/no regular expression/);
  });
});

describe('flows', () => {
  it('take their time for each record that is written', async () => {
    await org.control('POST', 'flows', { perRecordMs: 10 });
    const began = performance.now();
    await collection(conn, 'POST', [{ Subject: 'flow 1' }, { Subject: 'flow 2' }, { Subject: 'flow 3' }]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
  });

  it('are part of the transaction: who does not wait for them finds the record later', async () => {
    await org.control('POST', 'flows', { perRecordMs: 300 });
    const impatient = fetch(`${org.url}/services/data/v60.0/sobjects/Task`, {
      method: 'POST',
      headers: { authorization: `Bearer ${conn.accessToken ?? ''}` },
      body: JSON.stringify({ Subject: 'impatient' }),
      signal: AbortSignal.timeout(150),
    });
    await expect(impatient).rejects.toThrow(/timeout/);
    expect(await count(`Subject = 'impatient'`)).toBe(0);
    while ((await count(`Subject = 'impatient'`)) === 0);
  });
});

it('a fault can refuse the writes that set one field, as where the user may not edit it', async () => {
  const statusCode = 'INVALID_FIELD_FOR_INSERT_UPDATE';
  await org.control('POST', 'faults', { times: null, effect: { rows: { setting: 'Description', statusCode } } });
  const results = await collection(conn, 'POST', [{ Subject: 'x', Description: 'y' }, { Subject: 'x' }]);
  expect(results.map(({ errors }) => errors[0]?.fields)).toEqual([['Description'], undefined]);
});
