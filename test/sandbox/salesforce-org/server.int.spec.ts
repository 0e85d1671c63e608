import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from 'jsforce';
import { startSalesforceOrg } from '../../../src/sandbox/salesforce-org/server.js';
import { createEmptyDatabase } from '../../support/database.js';
import { createTask, getTask, NOW, startTestOrg } from './support.js';
import type { TestOrg } from './support.js';

let org: TestOrg;
let conn: Connection;
beforeAll(async () => {
  org = await startTestOrg();
  conn = await org.connect();
});
afterAll(() => org.stop());

describe('the server', () => {
  it('keeps data, sessions and refresh tokens over a restart', async () => {
    const database = await createEmptyDatabase();
    const start = () => startSalesforceOrg({ databaseUrl: database.url, now: () => NOW });
    // Two starts at once on one database make its tables once.
    const [first, twin] = await Promise.all([start(), start()]);
    await twin.close();
    const { rows } = await org.pool.query<{ id: string }>('SELECT id FROM sf_user LIMIT 1');
    const id = rows[0]?.id ?? '';
    await first.pool.query(
      `INSERT INTO sf_user (id, username, last_name, name, email, is_active, time_zone_sid_key,
         created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
       VALUES ($1, 'a@b.example', 'B', 'B', 'a@b.example', true, 'UTC', now(), $1, now(), $1, now())`,
      [id],
    );
    const grant = await fetch(`${first.url}/sandbox/grants`, { method: 'POST', body: JSON.stringify({ userId: id }) });
    const { accessToken, refreshToken } = (await grant.json()) as { accessToken: string; refreshToken: string };
    const before = new Connection({ instanceUrl: first.url, accessToken, version: '60.0' });
    const task = await createTask(before, { Subject: 'kept' });
    await first.close();

    const second = await start();
    const after = new Connection({ instanceUrl: second.url, accessToken, version: '60.0' });
    expect(await getTask(after, task)).toMatchObject({ Subject: 'kept' });
    expect(await createTask(after, { Subject: 'next' })).not.toBe(task);
    const refreshed = await fetch(`${second.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: second.clientId,
        client_secret: second.clientSecret,
      }),
    });
    expect(refreshed.status).toBe(200);
    await second.close();
    await database.drop();
  });

  it('lists its versions to anyone and its resources to users', async () => {
    const versions = (await (await fetch(`${org.url}/services/data`)).json()) as { version: string; label: string }[];
    expect(versions.at(-1)?.version).toBe('68.0');
    expect(versions.find((v) => v.version === '60.0')?.label).toBe("Spring '24");
    expect((await fetch(`${org.url}/services/data/v60.0/`)).status).toBe(401);
    expect((await fetch(`${org.url}/services/data/v99.0/limits`)).status).toBe(404);
    expect(await conn.requestGet('/')).toMatchObject({ sobjects: '/services/data/v60.0/sobjects' });
    expect((await conn.describeGlobal()).sobjects.map((s) => s.name)).toEqual(
      expect.arrayContaining(['Task', 'Lead', 'Contact', 'User', 'TaskStatus', 'TaskPriority']),
    );
  });

  it('tells the time by the clock of the org', async () => {
    await org.control('POST', 'clock', { offsetMs: 600_000 });
    const answer = await fetch(`${org.url}/services/data`);
    expect(answer.headers.get('date')).toBe('Wed, 18 Mar 2026 12:10:00 GMT');
    await org.control('POST', 'clock', { offsetMs: 0 });
  });

  it('takes no requests that a page of another site makes', async () => {
    const attempt = (path: string, origin: string): Promise<Response> =>
      fetch(org.url + path, { method: 'POST', body: '{}', headers: { origin } });
    expect((await attempt('/sandbox/clock', 'https://evil.example')).status).toBe(403);
    expect((await attempt('/lightning/tasks', 'null')).status).toBe(403);
    expect((await attempt('/sandbox/clock', org.url)).status).toBe(200);
  });

  it('describes pick lists, limits and lengths', async () => {
    const { fields } = await conn.describe('Task');
    const field = (name: string) => fields.find((f) => f.name === name);
    expect(field('Status')?.picklistValues?.map((p) => p.value)).toContain('Waiting on someone else');
    expect(field('Subject')).toMatchObject({ type: 'combobox', length: 255, updateable: true });
    expect(field('Description')).toMatchObject({ type: 'textarea', length: 32_000, filterable: false });
    expect(field('SystemModstamp')).toMatchObject({ type: 'datetime', createable: false, updateable: false });
    expect(field('TaskSubtype')).toMatchObject({ createable: true, updateable: false });
    expect(field('WhoId')).toMatchObject({ referenceTo: ['Contact', 'Lead'], relationshipName: 'Who' });
    const statuses = await conn.query<{ IsDefault: boolean }>(
      'SELECT MasterLabel, IsDefault, IsClosed FROM TaskStatus',
    );
    expect(statuses.records.filter((s) => s.IsDefault)).toMatchObject([{ MasterLabel: 'Not Started' }]);
    const priorities = await conn.query('SELECT MasterLabel, IsDefault, IsHighPriority FROM TaskPriority');
    expect(priorities.totalSize).toBe(3);
    expect(await conn.limits()).toMatchObject({ DailyApiRequests: { Max: 100_000 } });
  });

  it('refuses to run in production', async () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    try {
      await expect(startSalesforceOrg({ databaseUrl: 'postgres://127.0.0.1:1/none' })).rejects.toThrow('production');
    } finally {
      process.env.NODE_ENV = before;
    }
  });

  it('answers a body that is no JSON as Salesforce does', async () => {
    const answer = await fetch(`${org.url}/services/data/v60.0/sobjects/Task`, {
      method: 'POST',
      body: '{"Subject": ',
      headers: { authorization: `Bearer ${conn.accessToken ?? ''}` },
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, [{ errorCode: 'JSON_PARSER_ERROR' }]]);
  });
});
