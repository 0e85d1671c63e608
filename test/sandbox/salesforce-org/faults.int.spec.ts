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
afterEach(() => org.control('DELETE', 'faults'));
afterAll(() => org.stop());

const count = async (condition: string): Promise<number> =>
  (await conn.query(`SELECT COUNT() FROM Task WHERE ${condition}`)).totalSize;
const arm = (fault: unknown): Promise<{ id: string }> => org.control('POST', 'faults', fault);

describe('the connection', () => {
  it('is cut before the work: nothing happened', async () => {
    await arm({ match: { method: 'POST', path: '/sobjects/Task$' }, effect: { cut: 'before' } });
    expect((await refusal(createTask(conn, { Subject: 'cut before' }))).errorCode).toBe('FetchError');
    expect(await count(`Subject = 'cut before'`)).toBe(0);
  });

  it('is cut after the commit: the work is done, nobody was told', async () => {
    await arm({ match: { path: 'composite' }, effect: { cut: 'after' } });
    const batch = Array.from({ length: 50 }, () => ({ Subject: 'cut after' }));
    expect((await refusal(collection(conn, 'POST', batch))).errorCode).toBe('FetchError');
    expect(await count(`Subject = 'cut after'`)).toBe(50);
  });

  it('is cut in the middle of the answer', async () => {
    await arm({ match: { method: 'POST' }, effect: { cut: 'during' } });
    // Plain fetch: jsforce waits without end for the rest of such an answer.
    const cut = fetch(`${org.url}/services/data/v60.0/sobjects/Task`, {
      method: 'POST',
      headers: { authorization: `Bearer ${conn.accessToken ?? ''}` },
      body: JSON.stringify({ Subject: 'cut during' }),
    }).then((answer) => answer.json());
    await expect(cut).rejects.toThrow();
    expect(await count(`Subject = 'cut during'`)).toBe(1);
  });

  it('waits', async () => {
    await arm({ effect: { latencyMs: 40 } });
    const started = performance.now();
    await count('IsClosed = true');
    expect(performance.now() - started).toBeGreaterThanOrEqual(39);
  });
});

describe('the matcher', () => {
  it('knows body, times and skip, and tells how often a fault struck', async () => {
    const { id } = await arm({ match: { body: 'meant' }, times: 2, skip: 1, effect: { status: 503 } });
    const outcomes: string[] = [];
    for (const Subject of ['meant 1', 'other', 'meant 2', 'meant 3', 'meant 4']) {
      outcomes.push(
        await createTask(conn, { Subject }).then(
          () => 'ok',
          (e: { errorCode: string }) => e.errorCode,
        ),
      );
    }
    expect(outcomes).toEqual(['ok', 'ok', 'SERVER_UNAVAILABLE', 'SERVER_UNAVAILABLE', 'ok']);
    expect(await org.control('GET', 'faults')).toMatchObject([{ id, struck: 2 }]);
    await org.control('DELETE', `faults/${id}`);
    expect(await org.control('GET', 'faults')).toEqual([]);
  });
});

describe('row locks', () => {
  it('strike 30 of 200, which go through when they are sent again', async () => {
    const made = await collection(
      conn,
      'POST',
      Array.from({ length: 200 }, (_, i) => ({ Subject: `lock ${i}` })),
    );
    const ids = made.map((r) => r.id ?? '');
    const locked = ids.slice(100, 130);
    await arm({ times: null, effect: { rows: { ids: locked, timesEach: 1 } } });
    const change = (some: string[]) =>
      collection(
        conn,
        'PATCH',
        some.map((Id) => ({ Id, Priority: 'High' })),
      );
    const failed = (await change(ids)).filter((r) => !r.success);
    expect(failed.map((r) => r.id)).toEqual(locked);
    expect(failed[0]?.errors).toEqual([
      {
        statusCode: 'UNABLE_TO_LOCK_ROW',
        message: `unable to obtain exclusive access to this record or 1 records: ${locked[0] ?? ''}`,
        fields: [],
      },
    ]);
    expect((await change(locked)).every((r) => r.success)).toBe(true);
    expect(await count(`Subject LIKE 'lock %' AND Priority = 'High'`)).toBe(200);
  });

  it('refuse every nth row, or those with a word in them, for whatever reason', async () => {
    await arm({ effect: { rows: { every: 7 } } });
    const batch = Array.from({ length: 21 }, () => ({ Subject: 'nth' }));
    expect((await collection(conn, 'POST', batch)).flatMap((r, i) => (r.success ? [] : [i]))).toEqual([6, 13, 20]);
    const rule = { containing: 'forbidden', statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Say why' };
    await arm({ times: null, effect: { rows: rule } });
    const error = await refusal(createTask(conn, { Subject: 'a forbidden word' }));
    expect(error).toEqual({ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Say why' });
    await createTask(conn, { Subject: 'an allowed word' });
  });
});

describe('sessions and limits', () => {
  it('expire for good, or are refused once although they are good', async () => {
    const other = await org.connect(1);
    await arm({ effect: { refuseSession: true } });
    expect((await refusal(getTask(other, '00T'))).errorCode).toBe('INVALID_SESSION_ID');
    await other.query('SELECT Id FROM User LIMIT 1');
    await arm({ effect: { expireSession: true } });
    expect((await refusal(other.query('SELECT Id FROM User'))).errorCode).toBe('INVALID_SESSION_ID');
    expect((await refusal(other.query('SELECT Id FROM User'))).errorCode).toBe('INVALID_SESSION_ID');
  });

  it('tell the daily limit from the concurrent one by the message', async () => {
    await arm({ effect: { limit: 'daily' } });
    const daily = await refusal(conn.requestGet('/limits'));
    expect(daily).toEqual({ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' });
    await arm({ effect: { limit: 'concurrent' } });
    const concurrent = await refusal(conn.requestGet('/limits'));
    expect(concurrent).toMatchObject({ errorCode: 'REQUEST_LIMIT_EXCEEDED' });
    expect(concurrent.message).toContain('Concurrent');
  });

  it('spend the day and give it back 24 hours later', async () => {
    const { used } = await org.control<{ used: number }>('GET', 'calls');
    await org.control('POST', 'limits', { daily: used + 2 });
    await conn.requestGet('/limits');
    expect(conn.limitInfo.apiUsage).toEqual({ used: used + 1, limit: used + 2 });
    await conn.requestGet('/limits');
    expect((await refusal(conn.requestGet('/limits'))).errorCode).toBe('REQUEST_LIMIT_EXCEEDED');
    await org.advance(25 * 3_600_000);
    await conn.requestGet('/limits');
    await org.control('POST', 'limits', { daily: 100_000 });
  });
});

describe('late commits', () => {
  it('are seen after a reader has passed their stamp', async () => {
    await arm({ match: { body: 'slow' }, effect: { commitLateMs: 600_000 } });
    const slow = createTask(conn, { Subject: 'slow' });
    for (;;) {
      const { heldCommits } = await org.control<{ heldCommits: number }>('GET', 'state');
      if (heldCommits === 1) break;
    }
    await org.advance(5000);
    const quick = await createTask(conn, { Subject: 'quick' });
    const [last] = (await conn.query<{ Id: string }>('SELECT Id FROM Task ORDER BY SystemModstamp DESC LIMIT 1'))
      .records;
    expect(last?.Id).toBe(quick);
    expect(await count(`Subject = 'slow'`)).toBe(0);
    expect(await org.control('POST', 'late-commits/release')).toEqual({ released: 1 });
    const late = await getTask(conn, await slow);
    expect(String(late['SystemModstamp']) < String((await getTask(conn, quick))['SystemModstamp'])).toBe(true);
  });

  it('can be made without waiting: a rep saves something whose stamp lies back', async () => {
    const rep = org.users[1]?.id ?? '';
    const { id } = await org.control<{ id: string }>('POST', `as/${rep}/sobjects/Task?stampBackMs=60000`, {
      Subject: 'x',
    });
    const { now } = await org.control<{ now: string }>('GET', 'state');
    const task = await getTask(conn, id);
    expect(Date.parse(now) - Date.parse(String(task['SystemModstamp']))).toBeGreaterThanOrEqual(60_000);
    expect(task).toMatchObject({ LastModifiedById: rep, CreatedById: rep, OwnerId: rep });
  });

  it('cost the API nothing when a rep makes them, in bulk too', async () => {
    const rep = org.users[1]?.id ?? '';
    const before = await org.control<{ used: number }>('GET', 'calls');
    const records = Array.from({ length: 200 }, () => ({ attributes: { type: 'Task' }, Subject: 'by rep' }));
    await org.control('POST', `as/${rep}/composite/sobjects`, { records });
    expect(await org.control('GET', 'calls')).toMatchObject(before);
    expect(await count(`Subject = 'by rep' AND LastModifiedById = '${rep}'`)).toBe(200);
  });
});

describe('the token answer', () => {
  it('is lost after the rotation: the old token is spent', async () => {
    const form = new URLSearchParams({
      response_type: 'code',
      client_id: org.clientId,
      redirect_uri: 'http://localhost/cb',
      user: org.users[0]?.id ?? '',
      decision: 'allow',
    });
    const allowed = await fetch(`${org.url}/services/oauth2/authorize`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    const code = new URL(allowed.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const token = (params: Record<string, string>): Promise<Response> =>
      fetch(`${org.url}/services/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: org.clientId, client_secret: org.clientSecret, ...params }),
      });
    const first = (await (
      await token({ grant_type: 'authorization_code', code, redirect_uri: 'http://localhost/cb' })
    ).json()) as { refresh_token: string };
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    await arm({ match: { path: 'oauth2/token' }, effect: { cut: 'after' } });
    await expect(token(refresh)).rejects.toThrow();
    expect(await (await token(refresh)).json()).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('the org itself', () => {
  it('can move, and can become another one', async () => {
    const { orgId } = await org.control<{ orgId: string }>('GET', 'state');
    await org.control('POST', 'org', { id: '00D5g0000000zzz', instanceUrl: 'http://127.0.0.1:1' });
    const { accessToken, instanceUrl } = await org.control<{ accessToken: string; instanceUrl: string }>(
      'POST',
      'sessions',
      {
        userId: org.users[0]?.id,
      },
    );
    expect(instanceUrl).toBe('http://127.0.0.1:1');
    const moved = new Connection({ instanceUrl: org.url, accessToken, version: '60.0' });
    expect((await moved.query<{ Id: string }>('SELECT Id FROM Organization')).records[0]?.Id).toMatch(
      /^00D5g0000000zzz/,
    );
    await org.control('POST', 'org', { id: orgId, instanceUrl: org.url });
  });
});
