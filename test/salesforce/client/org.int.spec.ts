import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { duplicateOf } from '../../../src/salesforce/client/classify.js';
import { quote } from '../../../src/salesforce/client/soql.js';
import type { SalesforceClient } from '../../../src/salesforce/client/salesforce-client.js';
import type { Session, SessionSource } from '../../../src/salesforce/client/types.js';
import { FakeClock } from '../../support/fake-clock.js';
import { TestOrg } from '../connection/world.js';
import { errorOf, stubClient } from './stub-server.js';

interface Task {
  Id: string;
  Subject: string | null;
  SystemModstamp: string;
}

const KEY = 'Command_Center_Key__c';
const clock = new FakeClock();
let org: TestOrg;
let client: SalesforceClient;

beforeAll(async () => {
  org = await TestOrg.start({ clock, tasks: 2_500 });
  const session = await org.control<Pick<Session, 'accessToken' | 'instanceUrl'>>('POST', 'sessions', {
    userId: org.users[0]?.id,
  });
  const sessions: SessionSource = {
    current: () => Promise.resolve({ ...session, generation: 0 }),
    renew: () => Promise.reject(new Error('not in this test')),
    refused: (_session, reason) => Promise.reject(reason),
  };
  client = stubClient(sessions, { now: () => clock.now() });
});
afterAll(() => org.stop());
beforeEach(async () => {
  await org.control('DELETE', 'faults');
});

const all = { deletedToo: true };
const live = { deletedToo: false };
const task = (fields: Record<string, unknown>) => ({ op: 'create' as const, object: 'Task', fields });
const createOne = async (fields: Record<string, unknown>): Promise<string> => {
  const [result] = await client.write([task(fields)]);
  if (!result?.ok) throw new Error(`Not created: ${result?.error.message}`);
  return result.id;
};
const bySubject = (subject: string) =>
  client.page<Task>(`SELECT Id, Subject FROM Task WHERE Subject = ${quote(subject)} ORDER BY Id LIMIT 10`, live);

describe('queries', () => {
  it('find exactly what has a text, whatever is in it', async () => {
    for (const subject of ["\\' OR Id != null OR Subject = \\'", "O'Brien", 'a\\b', '"quoted"', '\\', "'"]) {
      const id = await createOne({ Subject: subject });
      const { records } = await bySubject(subject);
      expect(records.map((row) => [row.Id, row.Subject])).toEqual([[id, subject]]);
    }
  });

  it('read all of 2,500 tasks, page by page, as many as are counted', async () => {
    const total = await client.count('SELECT COUNT() FROM Task', all);
    expect(total).toBeGreaterThanOrEqual(2_500);
    const ids = new Set<string>();
    let pages = 0;
    const options = { ...all, maxRows: 10_000 };
    for await (const rows of client.queryAllPages<Task>('SELECT Id FROM Task ORDER BY Id', options)) {
      rows.forEach((row) => ids.add(row.Id));
      pages += 1;
    }
    expect([ids.size, pages]).toEqual([total, 2]);
  });

  it('tell the time of the org', async () => {
    const { orgTime, skewMs } = await client.page('SELECT Id FROM User LIMIT 1', live);
    expect(orgTime <= clock.now()).toBe(true);
    expect(clock.now().getTime() - orgTime.getTime()).toBeLessThanOrEqual(1_000);
    expect(Math.abs(skewMs)).toBeLessThanOrEqual(1_000);
    await org.control('POST', 'clock', { offsetMs: 600_000 });
    const ahead = await client.page('SELECT Id FROM User LIMIT 1', live);
    expect(Math.abs(ahead.skewMs - 600_000)).toBeLessThanOrEqual(1_000);
    await org.control('POST', 'clock', { offsetMs: 0 });
  });

  it('retrieve by id in the order asked', async () => {
    const [first, second] = [await createOne({ Subject: 'first' }), await createOne({ Subject: 'second' })];
    const found = await client.retrieve<Task>('Task', [second, '00T000000zzzzzz', first.slice(0, 15)], ['Subject']);
    expect(found.map((row) => row?.Subject ?? null)).toEqual(['second', null, 'first']);
  });

  it('what Salesforce refuses keeps its code', async () => {
    const error = await errorOf(client.page('SELECT Nothing__c FROM Task LIMIT 1', live));
    expect(error).toMatchObject({ code: 'INVALID_FIELD', kind: 'user', status: 400 });
  });
});

describe('writes', () => {
  it('1,000 records are one call, a result for each in the order given', async () => {
    const before = client.calls.total;
    const results = await client.write(Array.from({ length: 1_000 }, (_, n) => task({ Subject: `bulk ${n}` })));
    expect(client.calls.total - before).toBe(1);
    const ids = results.map((result) => (result.ok ? result.id : result.error.code));
    const rows = await client.retrieve<Task>('Task', ids, ['Subject']);
    expect(rows.map((row) => row?.Subject)).toEqual(Array.from({ length: 1_000 }, (_, n) => `bulk ${n}`));
  });

  it('of three kinds at once: what fails fails alone', async () => {
    const [keep, lose] = [await createOne({ Subject: 'keep' }), await createOne({ Subject: 'lose' })];
    await org.control('POST', 'recycle-bin/empty', {});
    const results = await client.write([
      { op: 'delete', id: lose },
      task({ Subject: 'x'.repeat(256) }),
      { op: 'update', object: 'Task', id: keep, fields: { Subject: 'kept' } },
      task({ Subject: 'new' }),
      { op: 'update', object: 'Task', id: '00T000000zzzzzz', fields: { Subject: 'nobody' } },
    ]);
    expect(results).toMatchObject([
      { ok: true, id: lose },
      { ok: false, error: { code: 'STRING_TOO_LONG', fields: ['Subject'], kind: 'user', doubtful: false } },
      { ok: true, id: keep, created: false },
      { ok: true, created: true },
      { ok: false, error: { doubtful: false } },
    ]);
    const again = await client.write([{ op: 'delete', id: lose }]);
    expect(again).toMatchObject([{ ok: false, error: { kind: 'gone' } }]);
  });

  it('locked rows are told apart from the others', async () => {
    await org.control('POST', 'faults', { match: { path: '/composite' }, effect: { rows: { every: 4 } } });
    const results = await client.write(Array.from({ length: 400 }, (_, n) => task({ Subject: `lock ${n}` })));
    const locked = results.filter((result) => !result.ok && result.error.kind === 'concurrency');
    expect(locked).toHaveLength(100);
    expect(results.filter(({ ok }) => ok)).toHaveLength(300);
  });

  it('a text like a reference of Composite arrives as it is', async () => {
    const subject = 'see @{part0[0].id} and @{x}';
    const results = await client.write([
      task({ Subject: 'plain' }),
      task({ Subject: subject }),
      task({ Subject: 'two' }),
    ]);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect((await bySubject(subject)).records).toHaveLength(1);
  });

  it('a second create with the same key names the record of the first', async () => {
    const id = await createOne({ Subject: 'once', [KEY]: 'key-1' });
    const [second] = await client.write([task({ Subject: 'twice', [KEY]: 'key-1' })]);
    expect(second).toMatchObject({ ok: false, error: { code: 'DUPLICATE_VALUE' } });
    expect(second && !second.ok && duplicateOf(second.error)).toBe(id);
  });

  it('a lost answer is in doubt, and it was sent once', async () => {
    await org.control('POST', 'faults', { match: { path: '/composite' }, effect: { cut: 'after' } });
    const error = await errorOf(client.write([task({ Subject: 'lost answer' })]));
    expect(error).toMatchObject({ code: 'CONNECTION_RESET', doubtful: true });
    expect((await bySubject('lost answer')).records).toHaveLength(1);
  });

  it('an answer that is cut in the middle is in doubt, and does not hang', async () => {
    await org.control('POST', 'faults', { match: { path: '/composite' }, effect: { cut: 'during' } });
    expect(await errorOf(client.write([task({ Subject: 'half an answer' })]))).toMatchObject({ doubtful: true });
  });

  it('undelete brings records back with their ids', async () => {
    const id = await createOne({ Subject: 'back again' });
    await client.write([{ op: 'delete', id }]);
    expect((await bySubject('back again')).records).toHaveLength(0);
    const results = await client.undelete([id, '00T000000zzzzzz']);
    expect(results).toMatchObject([
      { ok: true, id },
      { ok: false, error: { doubtful: false } },
    ]);
    expect((await bySubject('back again')).records.map((row) => row.Id)).toEqual([id]);
  });
});

describe('what the org looks like', () => {
  it('describe tells of the key field', async () => {
    const { fields } = await client.describe('Task');
    expect(fields.find(({ name }) => name === KEY)).toMatchObject({ unique: true, externalId: true, createable: true });
  });

  it('limits and the user of the token', async () => {
    expect(await client.limits()).toMatchObject({ limit: 100_000 });
    expect(await client.userInfo()).toMatchObject({ userId: org.users[0]?.id, username: org.users[0]?.username });
  });
});
