import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTask, getTask, startTestOrg } from './support.js';
import type { TestOrg } from './support.js';
import type { Connection } from 'jsforce';

let org: TestOrg;
let conn: Connection;
let cookie = '';

beforeAll(async () => {
  org = await startTestOrg();
  conn = await org.connect();
  const answer = await post('/lightning/login', { user: org.users[1]?.id ?? '', back: '/' });
  cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});
afterAll(() => org.stop());

function post(path: string, form: Record<string, string> = {}): Promise<Response> {
  return fetch(org.url + path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { cookie },
    redirect: 'manual',
  });
}

const get = async (path: string): Promise<string> => (await fetch(org.url + path, { headers: { cookie } })).text();

describe('the task page', () => {
  it('asks who you are first', async () => {
    const text = await (await fetch(org.url)).text();
    expect(text).toContain('Who are you?');
    expect(text).toContain('Alice Morgan');
  });

  it('says in a page what it cannot find or take', async () => {
    for (const answer of [
      await fetch(`${org.url}/lightning/r/Task/00T000000000000/view`, { headers: { cookie } }),
      await post('/lightning/tasks', { Subject: 'x', ActivityDate: '2026-02-30' }),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(await answer.text()).toContain('That did not work');
    }
  });

  it('creates, shows, edits, completes, deletes and restores a task as that rep', async () => {
    const form = {
      Subject: 'From the page',
      Status: 'In Progress',
      Priority: 'High',
      ActivityDate: '2026-03-20',
      WhoId: '',
      Description: 'a\r\nb',
    };
    expect((await post('/lightning/tasks', form)).status).toBe(303);
    const { records } = await conn.query<{ Id: string }>(`SELECT Id FROM Task WHERE Subject = 'From the page'`);
    const id = records[0]?.Id ?? '';
    expect(await getTask(conn, id)).toMatchObject({
      ...form,
      WhoId: null,
      Description: 'a\nb',
      LastModifiedById: org.users[1]?.id,
    });
    expect(await get('/')).toContain('From the page');
    expect(await get(`/lightning/r/Task/${id}/view`)).toContain('value="From the page"');
    await post(`/lightning/tasks/${id}`, { Subject: 'Edited' });
    await post(`/lightning/tasks/${id}/complete`);
    expect(await getTask(conn, id)).toMatchObject({ Subject: 'Edited', Status: 'Completed', IsClosed: true });
    expect(await get('/lightning/rows?view=open')).not.toContain('Edited');
    expect(await get('/lightning/rows?view=all')).toContain('Edited');
    expect(await get('/?view=recent')).toContain('Edited');
    await post(`/lightning/tasks/${id}/delete`);
    expect(await get('/lightning/bin')).toContain('Edited');
    await post(`/lightning/bin/${id}/undelete`);
    expect(await getTask(conn, id)).toMatchObject({ IsDeleted: false });
  });

  it('says why something was refused and keeps what was typed', async () => {
    const answer = await post('/lightning/tasks', {
      Subject: 'kept',
      WhoId: 'nobody',
      Status: 'Not Started',
      Priority: 'Low',
    });
    const text = await answer.text();
    expect(answer.status).toBe(400);
    expect(text).toContain('id value of incorrect type: nobody');
    expect(text).toContain('value="kept"');
  });

  it('writes nothing into the page that is not escaped', async () => {
    const attack = `"><script>alert(1)</script>'`;
    const id = await createTask(conn, {
      Subject: attack,
      Description: `</textarea>${attack}`,
      OwnerId: org.users[1]?.id,
    });
    await createTask(conn, { Subject: attack, OwnerId: org.users[1]?.id });
    for (const path of ['/?view=all', `/lightning/r/Task/${id}/view`, '/lightning/rows']) {
      const text = await get(path);
      expect(text).not.toContain('<script>alert');
      expect(text).toContain('&lt;script&gt;alert(1)');
    }
  });

  it('changes nothing by GET and costs no API calls', async () => {
    const id = await createTask(conn, { Subject: 'safe' });
    const before = await org.control('GET', 'calls');
    for (const path of [`/lightning/tasks/${id}/delete`, `/lightning/tasks/${id}/complete`]) await get(path);
    expect(await org.control('GET', 'calls')).toEqual(before);
    expect(await getTask(conn, id)).toMatchObject({ IsDeleted: false, IsClosed: false });
  });
});
