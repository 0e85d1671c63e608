import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { errorOf, json, refusal, type Reply, StubServer, StubSessions, stubClient } from './stub-server.js';

let server: StubServer;
let sessions: StubSessions;

beforeAll(async () => {
  server = await StubServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.reset();
  sessions = new StubSessions(server.url);
});

const rows = (count: number) =>
  json(200, { totalSize: count, done: true, records: Array.from({ length: count }, (_, n) => ({ Id: String(n) })) });
const read = { deletedToo: false };
const SOQL = 'SELECT Id FROM Task LIMIT 10';

describe('paging', () => {
  const page = (total: number, from: number, count: number, last: boolean) =>
    json(200, {
      totalSize: total,
      done: last,
      ...(last ? {} : { nextRecordsUrl: `/services/data/v62.0/query/01g-${from + count}` }),
      records: Array.from({ length: count }, (_, n) => ({ Id: String(from + n) })),
    });
  const all = async (maxRows = 1_000_000) => {
    const found: unknown[] = [];
    for await (const part of stubClient(sessions).queryAllPages(SOQL, { ...read, maxRows })) found.push(...part);
    return found;
  };

  it('goes on where jsforce stops in silence, to the announced end', async () => {
    for (let n = 0; n < 6; n++) server.next(page(12_000, n * 2_000, 2_000, n === 5));
    const found = await all();
    expect(found).toHaveLength(12_000);
    expect(found.at(-1)).toEqual({ Id: '11999' });
  });

  it.each([
    ['fewer rows come than were announced', [page(5, 0, 2, false), page(5, 2, 2, true)]],
    ['more rows come than were announced', [page(3, 0, 2, false), page(3, 2, 2, true)]],
    ['a page says that there is more, and not where', [json(200, { totalSize: 5, done: false, records: [{}] })]],
    ['a page that is not the last is empty', [page(5, 0, 0, false)]],
  ])('throws when %s', async (_name, replies) => {
    server.next(...replies);
    expect(await errorOf(all())).toMatchObject({ code: 'INCOMPLETE_RESULT', kind: 'retry' });
  });

  it('throws when the answer is none', async () => {
    server.next(json(200, { records: [] }));
    expect(await errorOf(all())).toMatchObject({ code: 'UNREADABLE_ANSWER' });
  });

  it('reads no more than it may', async () => {
    server.next(page(5_000, 0, 2_000, false));
    await expect(all(4_999)).rejects.toThrow('4999 are the most');
    expect(server.received).toHaveLength(1);
  });

  it('one page is whole, also where Salesforce cuts it', async () => {
    server.next(page(500, 0, 200, false), page(500, 200, 200, false), page(500, 400, 100, true));
    const { records } = await stubClient(sessions).page(SOQL, read);
    expect(records).toHaveLength(500);
  });

  it('one page without a LIMIT of its own is refused', async () => {
    server.next(page(2_001, 0, 2_000, false));
    await expect(stubClient(sessions).page(SOQL, read)).rejects.toThrow('give it a LIMIT');
  });

  it('a count is a number', async () => {
    server.next(json(200, { totalSize: 42, done: true, records: [] }));
    expect(await stubClient(sessions).count('SELECT COUNT() FROM Task', read)).toBe(42);
    server.next(rows(3));
    expect((await errorOf(stubClient(sessions).count(SOQL, read))).code).toBe('UNREADABLE_ANSWER');
  });
});

describe("the org's time", () => {
  it('is not later than the moment the query began, and tells the skew', async () => {
    let now = Date.parse('2026-03-04T10:00:00.000Z');
    // The org is ten minutes ahead and takes three seconds.
    server.next((_request, response) => {
      now += 3_000;
      json(
        200,
        { totalSize: 0, done: true, records: [] },
        { date: 'Wed, 04 Mar 2026 10:10:03 GMT' },
      )(_request, response);
    });
    const { orgTime, skewMs } = await stubClient(sessions, { now: () => new Date(now) }).page(SOQL, read);
    expect(orgTime.toISOString()).toBe('2026-03-04T10:10:00.000Z');
    expect(Math.abs(skewMs - 600_000)).toBeLessThanOrEqual(2_000);
  });
});

describe('retrieve', () => {
  const ids = Array.from({ length: 2_100 }, (_, n) => `00T${String(n).padStart(12, '0')}`);
  const echo =
    (drop?: string): Reply =>
    (request, response) => {
      const asked = (JSON.parse(request.body) as { ids: string[] }).ids;
      json(
        200,
        asked.map((Id) => (Id.startsWith(drop ?? '-') ? null : { Id })),
      )(request, response);
    };

  it('asks for 2,000 a call and answers in the order asked, null where there is none', async () => {
    server.fallback = echo('00T000000000007');
    const found = await stubClient(sessions).retrieve<{ Id: string }>('Task', ids, ['Subject']);
    expect(server.received).toHaveLength(2);
    expect(found.map((row) => row?.Id.slice(0, 15) ?? null)).toEqual(ids.map((id, n) => (n === 7 ? null : id)));
  });

  it('throws when entries are missing or in another order', async () => {
    server.next(json(200, [null]));
    expect((await errorOf(stubClient(sessions).retrieve('Task', ids.slice(0, 2), []))).code).toBe('UNREADABLE_ANSWER');
    server.next(json(200, [{ Id: ids[1] }, { Id: ids[0] }]));
    expect((await errorOf(stubClient(sessions).retrieve('Task', ids.slice(0, 2), []))).code).toBe('UNREADABLE_ANSWER');
  });

  it('asks for nothing when nothing is wanted', async () => {
    expect(await stubClient(sessions).retrieve('Task', [], ['Subject'])).toEqual([]);
    expect(server.received).toHaveLength(0);
  });
});

describe('describe', () => {
  it('is read once, also across a new session, until it is forgotten', async () => {
    server.fallback = json(200, { name: 'Task', fields: [] });
    const client = stubClient(sessions);
    await Promise.all([client.describe('Task'), client.describe('Task')]);
    await sessions.renew(await sessions.current());
    await client.describe('Task');
    expect(server.received).toHaveLength(1);
    client.forgetDescribe('Task');
    await client.describe('Task');
    expect(server.received).toHaveLength(2);
  });

  it('that failed is not kept', async () => {
    const client = stubClient(sessions);
    server.next(refusal(400, 'INVALID_TYPE'), json(200, { name: 'Task', fields: [] }));
    expect((await errorOf(client.describe('Task'))).code).toBe('INVALID_TYPE');
    expect((await client.describe('Task')).name).toBe('Task');
  });
});
