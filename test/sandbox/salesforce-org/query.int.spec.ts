import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'jsforce';
import { collection, createTask, refusal, startTestOrg } from './support.js';
import type { Fields, TestOrg } from './support.js';

let org: TestOrg;
let conn: Connection;
beforeAll(async () => {
  org = await startTestOrg(5000);
  conn = await org.connect();
});
afterAll(() => org.stop());

type Page = { totalSize: number; done: boolean; nextRecordsUrl?: string; records: (Fields & { Id: string })[] };

function page(soql: string, headers: Record<string, string> = {}): Promise<Page> {
  return conn.request<Page>({ method: 'GET', url: `/query?q=${encodeURIComponent(soql)}`, headers });
}

async function allPages(soql: string, headers: Record<string, string> = {}): Promise<Page[]> {
  const pages = [await page(soql, headers)];
  for (;;) {
    const next = pages.at(-1)?.nextRecordsUrl;
    if (next === undefined) return pages;
    pages.push(await conn.request<Page>(next));
  }
}

describe('pages', () => {
  it('hold 2,000 rows and lead to all of them, each once', async () => {
    const pages = await allPages('SELECT Id, Subject FROM Task ORDER BY SystemModstamp, Id');
    const [first] = pages;
    const ids = pages.flatMap((p) => p.records.map((r) => r.Id));
    expect(pages.map((p) => p.records.length)).toEqual([2000, 2000, (first?.totalSize ?? 0) - 4000]);
    expect(pages.map((p) => p.done)).toEqual([false, false, true]);
    expect(first?.nextRecordsUrl).toMatch(/^\/services\/data\/v60\.0\/query\/01g\w{15}-2000$/);
    expect(new Set(ids).size).toBe(first?.totalSize);
  });

  it('are as many as the client asks for by batchSize, at least 200 rows each', async () => {
    const pages = await allPages('SELECT Id FROM Task LIMIT 750', { 'Sforce-Query-Options': 'batchSize=10' });
    expect(pages.map((p) => p.records.length)).toEqual([200, 200, 200, 150]);
    expect(pages.every((p) => p.totalSize === 750)).toBe(true);
  });

  it('stay those of the first moment while rows come, move and go', async () => {
    const soql = 'SELECT Id FROM Task ORDER BY LastModifiedDate, Id';
    const before = (await allPages(soql)).flatMap((p) => p.records.map((r) => r.Id));
    const first = await page(soql);
    await org.advance(5000);
    await createTask(conn, { Subject: 'late' });
    await conn.request({ method: 'DELETE', url: `/sobjects/Task/${before[2500] ?? ''}` });
    await collection(conn, 'PATCH', [{ Id: before[0], Subject: 'moved to the end' }]);
    const second = await conn.request<Page>(first.nextRecordsUrl ?? '');
    expect(second.totalSize).toBe(before.length);
    expect(second.records.map((r) => r.Id)).toEqual(before.slice(2000, 4000));
    // Asked for again, it answers the same.
    expect(await conn.request<Page>(first.nextRecordsUrl ?? '')).toEqual(second);
  });

  it('belong to the user who asked', async () => {
    const { nextRecordsUrl } = await page('SELECT Id FROM Task');
    const other = await org.connect(1);
    expect((await refusal(other.request(nextRecordsUrl ?? ''))).errorCode).toBe('INVALID_QUERY_LOCATOR');
    expect((await refusal(conn.request('/query/01g000000000000000-2000'))).errorCode).toBe('INVALID_QUERY_LOCATOR');
  });
});

describe('by position', () => {
  it('walks all rows once, also 2,500 with one equal stamp', async () => {
    const at = '2026-03-01T00:00:00Z';
    const total = (await page('SELECT COUNT() FROM Task')).totalSize;
    const some = await allPages('SELECT Id FROM Task ORDER BY Id DESC LIMIT 2500');
    await org.control('POST', 'restamp', { ids: some.flatMap((p) => p.records.map((r) => r.Id)), at });
    const seen: string[] = [];
    let position = '';
    for (;;) {
      const { records } = await page(
        `SELECT Id, SystemModstamp FROM Task ${position} ORDER BY SystemModstamp, Id LIMIT 500`,
      );
      seen.push(...records.map((r) => r.Id));
      const last = records.at(-1);
      if (!last) break;
      const stamp = String(last['SystemModstamp']).replace('+0000', 'Z');
      position = `WHERE (SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${last.Id}'))`;
    }
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
  });
});

describe('conditions', () => {
  const ids = new Map<string, string>();
  const MARK = 'condition test';

  beforeAll(async () => {
    const rows: (Fields & { CallDisposition: string })[] = [
      { CallDisposition: 'a', Subject: 'Alpha 50%', ActivityDate: '2026-03-17', Priority: 'High' },
      { CallDisposition: 'b', Subject: 'beta_x', ActivityDate: '2026-03-18', Status: 'Completed' },
      { CallDisposition: 'c', Subject: "O'Neill \\ Söhne", ActivityDate: '2026-03-19', CallDurationInSeconds: 30 },
      { CallDisposition: 'd', ActivityDate: '2026-03-25', CallDurationInSeconds: 90, IsReminderSet: true },
      { CallDisposition: 'e', Subject: 'ALPHA', ReminderDateTime: '2026-03-18T09:00:00.000Z' },
    ];
    const saved = await collection(
      conn,
      'POST',
      rows.map((r) => ({ ...r, CallObject: MARK })),
    );
    saved.forEach((result, i) => ids.set(rows[i]?.CallDisposition ?? '', result.id ?? ''));
  });

  it.each([
    [`Subject = 'alpha'`, 'e'],
    [`Subject != 'ALPHA'`, 'abcd'],
    [`Subject = null`, 'd'],
    [`Subject = ''`, 'd'],
    [`Subject != null`, 'abce'],
    [`Subject IN ('ALPHA', 'BETA_X')`, 'be'],
    [`Subject NOT IN ('alpha', 'beta_x')`, 'acd'],
    [`Subject LIKE 'alpha%'`, 'ae'],
    [`Subject LIKE '%50\\%'`, 'a'],
    [`Subject LIKE 'beta\\_x'`, 'b'],
    [`Subject LIKE 'beta_x'`, 'b'],
    [`Subject LIKE '%söhne'`, 'c'],
    [`Subject = 'O\\'Neill \\\\ Söhne'`, 'c'],
    [`(NOT Subject LIKE 'alpha%')`, 'bcd'],
    [`(NOT Subject = 'alpha')`, 'abcd'],
    [`IsClosed = true`, 'b'],
    [`IsReminderSet = TRUE OR IsClosed = TRUE`, 'bd'],
    [`Priority = 'high' AND (IsClosed = true OR ActivityDate < TODAY)`, 'a'],
    [`ActivityDate = TODAY`, 'b'],
    [`ActivityDate != TODAY`, 'acde'],
    [`ActivityDate < TODAY`, 'a'],
    [`ActivityDate <= TODAY`, 'ab'],
    [`ActivityDate > TODAY`, 'cd'],
    [`ActivityDate >= TOMORROW`, 'cd'],
    [`ActivityDate = LAST_N_DAYS:1`, 'ab'],
    [`ActivityDate = NEXT_N_DAYS:7`, 'cd'],
    [`ActivityDate = NEXT_WEEK`, 'd'],
    [`ActivityDate >= 2026-03-18 AND ActivityDate <= 2026-03-19`, 'bc'],
    [`ActivityDate IN (2026-03-17, 2026-03-25)`, 'ad'],
    [`ActivityDate = null`, 'e'],
    [`ReminderDateTime = TODAY`, 'e'],
    [`ReminderDateTime >= 2026-03-18T10:00:00+01:00`, 'e'],
    [`ReminderDateTime > 2026-03-18T09:00:00.999Z`, ''],
    [`CallDurationInSeconds > 30`, 'd'],
    [`CallDurationInSeconds >= 30`, 'cd'],
    [`(NOT CallDurationInSeconds > 30)`, 'abce'],
    [`Owner.Name = 'integration user'`, 'abcde'],
    [`Owner.IsActive = false`, ''],
    [`OwnerId IN (SELECT Id FROM User WHERE IsActive = true)`, 'abcde'],
    [`WhoId IN (SELECT Id FROM Lead)`, ''],
  ])('%s', async (condition, expected) => {
    const { records } = await page(
      `SELECT Id, CallDisposition FROM Task WHERE CallObject = '${MARK}' AND (${condition}) ORDER BY CallDisposition`,
    );
    expect(records.map((r) => r['CallDisposition']).join('')).toBe(expected);
  });

  it('takes ids of 15 and of 18 characters', async () => {
    const long = ids.get('a') ?? '';
    for (const id of [long, long.slice(0, 15)]) {
      expect((await page(`SELECT Id FROM Task WHERE Id = '${id}'`)).records).toMatchObject([{ Id: long }]);
      expect((await page(`SELECT Id FROM Task WHERE Id IN ('${id}')`)).totalSize).toBe(1);
    }
  });

  it('counts, groups, limits, skips and orders', async () => {
    const mine = `FROM Task WHERE CallObject = '${MARK}'`;
    expect(await page(`SELECT COUNT() ${mine}`)).toEqual({ totalSize: 5, done: true, records: [] });
    expect((await page(`SELECT COUNT(Id) n ${mine}`)).records).toMatchObject([{ n: 5 }]);
    const groups = await page(`SELECT IsClosed, COUNT(Id), MAX(ActivityDate) latest ${mine} GROUP BY IsClosed`);
    expect(groups.records).toHaveLength(2);
    expect(groups.records).toContainEqual({
      attributes: { type: 'AggregateResult' },
      IsClosed: false,
      expr0: 4,
      latest: '2026-03-25',
    });
    const order = async (by: string): Promise<string> => {
      const { records } = await page(`SELECT CallDisposition ${mine} ORDER BY ${by}`);
      return records.map((r) => r['CallDisposition']).join('');
    };
    expect(await order('ActivityDate')).toBe('eabcd');
    expect(await order('ActivityDate DESC NULLS LAST')).toBe('dcbae');
    expect(await order('IsClosed DESC, Subject NULLS LAST')).toBe('beacd');
    expect(await order('CallDisposition LIMIT 2 OFFSET 1')).toBe('bc');
  });

  it('follows simple relationships', async () => {
    const lead = await conn.requestPost<{ id: string }>('/sobjects/Lead', {
      LastName: 'Ōta',
      FirstName: 'Ken',
      Company: 'X',
    });
    const id = await createTask(conn, { Subject: 'x', WhoId: lead.id });
    const { records } = await page(`SELECT id, who.name, Who.Type, Owner.Name, What.Name FROM task WHERE Id = '${id}'`);
    expect(records[0]).toMatchObject({
      attributes: { type: 'Task', url: `/services/data/v60.0/sobjects/Task/${id}` },
      Id: id,
      Who: { attributes: { type: 'Lead' }, Name: 'Ken Ōta', Type: 'Lead' },
      Owner: { attributes: { type: 'User' }, Name: 'Integration User' },
      What: null,
    });
  });
});

describe('deleted and archived rows', () => {
  it('are missing from query and present in queryAll', async () => {
    const all = (soql: string): Promise<Page> => conn.request<Page>(`/queryAll?q=${encodeURIComponent(soql)}`);
    const visible = await page('SELECT COUNT() FROM Task');
    const everything = await all('SELECT COUNT() FROM Task');
    const hidden = await all('SELECT COUNT() FROM Task WHERE IsDeleted = true OR IsArchived = true');
    expect(hidden.totalSize).toBeGreaterThan(100);
    expect(everything.totalSize).toBe(visible.totalSize + hidden.totalSize);
    expect((await page('SELECT COUNT() FROM Task WHERE IsDeleted = true')).totalSize).toBe(0);
  });

  it('archives what is closed and more than 365 days old, without moving its stamp', async () => {
    const id = await createTask(conn, { Subject: 'old', Status: 'Completed', ActivityDate: '2025-03-17' });
    const young = await createTask(conn, { Subject: 'young', Status: 'Completed', ActivityDate: '2025-03-18' });
    const before = await conn.request<Fields>(`/sobjects/Task/${id}`);
    await org.control('POST', 'archive');
    expect((await page(`SELECT Id FROM Task WHERE Id IN ('${id}', '${young}')`)).records).toMatchObject([
      { Id: young },
    ]);
    expect(await conn.request<Fields>(`/sobjects/Task/${id}`)).toEqual({ ...before, IsArchived: true });
  });
});

describe('limits of a request', () => {
  it('refuses a head of more than 16,384 bytes', async () => {
    const headers = { authorization: `Bearer ${conn.accessToken ?? ''}` };
    const long = await fetch(`${org.url}/services/data/v60.0/query?q=${'x'.repeat(16_400)}`, { headers });
    expect(long.status).toBe(414);
    const heavy = await fetch(`${org.url}/services/data/v60.0/limits`, {
      headers: { ...headers, 'x-filler': 'x'.repeat(16_300) },
    });
    expect(heavy.status).toBe(431);
  });

  it('shows a user without View All Data their own records only', async () => {
    const rep = org.users[2]?.id ?? '';
    const theirs = await org.connect(2);
    await org.control('PATCH', `users/${rep}`, { viewAllData: false });
    const { records } = await theirs.query<{ OwnerId: string }>('SELECT OwnerId FROM Task LIMIT 2000');
    expect(records.length).toBeGreaterThan(10);
    expect(new Set(records.map((r) => r.OwnerId))).toEqual(new Set([rep]));
    const other = await page(`SELECT Id FROM Task WHERE OwnerId = '${org.users[3]?.id ?? ''}' LIMIT 1`);
    const seen = await theirs.requestPost<unknown[]>('/composite/sobjects/Task', {
      ids: [other.records[0]?.Id],
      fields: ['Id'],
    });
    expect(seen).toEqual([null]);
  });
});
