import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Unsubscribes } from '../../../src/command-center/people/unsubscribes.js';
import { UnsubscribeLinks } from '../../../src/mail/unsubscribe/unsubscribe-links.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { createWorld, newId, newTeam, type Team, type World } from '../../command-center/world.js';
import { createTestApp, type TestApp } from '../../support/app.js';

let world: World;
let other: TestApp;
let team: Team;
let person: { id: string };
let path: string;
const logged: string[] = [];

const KEY = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const URLENCODED = 'application/x-www-form-urlencoded';
const ONE_CLICK = 'List-Unsubscribe=One-Click';

beforeAll(async () => {
  world = await createWorld();
  const logs = new Writable({ write: (chunk, _encoding, done) => (logged.push(String(chunk)), done()) });
  class Failing extends Unsubscribes {
    override unsubscribe(): Promise<never> {
      return Promise.reject(new Error('the disk is full'));
    }
  }
  // Rotated: the first world's key is the second here. And nothing can be stored.
  other = await createTestApp({
    ...{ database: world.database, logs, overrides: [[Unsubscribes, new Failing()]] },
    env: { ENCRYPTION_KEYS: `new:${KEY(9)},test:${KEY(7)}`, RATE_LIMIT_PUBLIC_PER_MINUTE: '50' },
  });
});
afterAll(async () => {
  await other.close();
  await world.end();
});
beforeEach(async () => {
  team = await newTeam(world);
  person = await team.adminClient.newPerson({ name: 'Grace', email: 'grace@navy.example' });
  path = linkOf();
});

function linkOf(ids: { teamId?: string; personId?: string } = {}, app: TestApp = world.app): string {
  const url = app.app
    .get(UnsubscribeLinks)
    .urlFor({ teamId: team.teamId, personId: person.id, emailId: newId(), ...ids });
  expect(url.startsWith(`${app.config.publicUrl}/u/`)).toBe(true);
  return new URL(url).pathname;
}

async function history(): Promise<{ what: string; source: string; reason: string | null }[]> {
  return world.app.app
    .get(Transactions)
    .query('SELECT what, source, reason FROM person_unsubscribes WHERE team_id = $1 ORDER BY id', [team.teamId]);
}

const post = (body: string, type = URLENCODED, app = world.app, at = path) =>
  app.http.post(at).set('Content-Type', type).send(body);
const get = (at = path) => world.app.http.get(at).set('Accept', 'text/html');
const parts = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--b--\r\n`;

describe('The link of an email', () => {
  test('asks in a page that names the team, hides the address, runs nothing and does nothing', async () => {
    const page = await get();
    expect(page.status).toBe(200);
    expect(page.text).toContain('<strong>g•••@navy.example</strong>');
    expect(page.text).not.toContain('grace');
    expect(page.text).toContain('<form method="post">');
    expect(page.text).not.toMatch(/<script|http/);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*form-action 'self'/);
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect((await world.app.http.head(path)).status).toBe(200);
    expect((await world.app.http.get(`${path}?List-Unsubscribe=One-Click&confirm=yes`)).status).toBe(200);
    expect(await history()).toEqual([]);
  });

  test('writes names as text', async () => {
    await world.app.app
      .get(Transactions)
      .query('UPDATE teams SET name = $2 WHERE id = $1', [team.teamId, '<script>"Acme" & co']);
    expect((await get()).text).toContain('&lt;script&gt;&quot;Acme&quot; &amp; co');
  });

  test.each([
    ['a form', ONE_CLICK, URLENCODED],
    ['a form with a charset', ONE_CLICK, `${URLENCODED}; charset=UTF-8`],
    ['parts', parts('List-Unsubscribe', 'One-Click'), 'multipart/form-data; boundary=b'],
  ])('takes the one click as %s, again and again', async (_name, body, type) => {
    for (let time = 0; time < 3; time += 1) {
      const done = await post(body, type);
      expect(done.status).toBe(200);
      expect(done.headers['set-cookie']).toBeUndefined();
    }
    expect(await history()).toEqual([{ what: 'unsubscribed', source: 'link', reason: null }]);
    expect(await team.adminClient.get(`/v1/people/${person.id}`)).toMatchObject({
      unsubscribed_at: expect.anything(),
    });
  });

  test.each([
    ['', URLENCODED, 400],
    ['List-Unsubscribe=no', URLENCODED, 400],
    [parts('Other', 'One-Click'), 'multipart/form-data; boundary=b', 400],
    [parts('List-Unsubscribe', 'No\r\nOne-Click'), 'multipart/form-data; boundary=b', 400],
    ['{"confirm":"yes"}', 'application/json', 415],
    [`confirm=yes&words=${'x'.repeat(20_000)}`, URLENCODED, 413],
  ])('takes nothing else: %j', async (body, type, status) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(await history()).toEqual([]);
  });

  test('takes the page’s form with a reason, and notes the same one once', async () => {
    const form = 'confirm=yes&why=too_many&words=%00Three+a%0D%0Aday+%F0%9F%98%80';
    for (let time = 0; time < 2; time += 1) {
      const done = await post(form);
      expect(done.status).toBe(200);
      expect(done.text).toContain('You are unsubscribed');
    }
    expect(await history()).toEqual([
      { what: 'unsubscribed', source: 'link', reason: 'Too many emails: Three a day 😀' },
    ]);
    expect((await get()).text).toContain('You are unsubscribed');
  });

  test('takes the page’s form without a reason, and no reason that is not on it', async () => {
    await post('confirm=yes&why=constructor&words=');
    expect(await history()).toEqual([{ what: 'unsubscribed', source: 'link', reason: null }]);
  });

  test('unsubscribes again whoever came back', async () => {
    await post(ONE_CLICK);
    await team.adminClient.send('post', `/v1/people/${person.id}/resubscribe`, { reason: 'Asked' });
    await post(ONE_CLICK);
    expect((await history()).map(({ what }) => what)).toEqual(['unsubscribed', 'resubscribed', 'unsubscribed']);
  });

  test('is friendly when the person is deleted, or was never here', async () => {
    await team.adminClient.send('delete', `/v1/people/${person.id}`);
    expect((await get()).status).toBe(200);
    expect((await post('confirm=yes')).status).toBe(200);
    const away = linkOf({ personId: newId() });
    expect((await get(away)).text).toContain('You get no more of these emails');
    expect((await post(ONE_CLICK, URLENCODED, world.app, away)).status).toBe(200);
  });

  test('reaches nobody of another team', async () => {
    const theirs = await newTeam(world);
    const mixed = linkOf({ teamId: theirs.teamId });
    expect((await post(ONE_CLICK, URLENCODED, world.app, mixed)).status).toBe(200);
    expect(await history()).toEqual([]);
    expect(await team.adminClient.get(`/v1/people/${person.id}`)).toMatchObject({ unsubscribed_at: null });
  });

  test('does not work once any character of it is changed, left out or added', async () => {
    const token = path.slice('/u/'.length);
    const links = world.app.app.get(UnsubscribeLinks);
    expect(links.read(token)).toMatchObject({ teamId: team.teamId, personId: person.id });
    for (let place = 0; place < token.length; place += 1) {
      for (const letter of 'ABab019-_') {
        if (letter === token[place]) continue;
        expect(links.read(token.slice(0, place) + letter + token.slice(place + 1))).toBeUndefined();
      }
    }
    for (const changed of [token.slice(1), token.slice(0, -1), `${token}A`, `${token}=`, 'x', token.toUpperCase()]) {
      const answer = await post(ONE_CLICK, URLENCODED, world.app, `/u/${changed}`);
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('This link does not work');
    }
    expect(await history()).toEqual([]);
  });
});

describe('An installation with a newer key', () => {
  test('takes links of the old one, and tells that it could not keep the wish; no link is logged', async () => {
    logged.length = 0;
    const page = await other.http.get(path).set('Accept', 'text/html');
    expect(page.text).toContain('g•••@navy.example');
    expect((await post(ONE_CLICK, URLENCODED, other)).status).toBe(500);
    const failed = await post('confirm=yes', URLENCODED, other);
    expect(failed.status).toBe(503);
    expect(failed.text).toContain('try again');
    expect(logged.join('')).toContain('/u/[redacted]');
    expect(logged.join('')).not.toContain(path.slice('/u/'.length));
  });

  test('signs with the newest, which the old installation does not know', async () => {
    const newer = linkOf({}, other);
    expect((await other.http.get(newer)).status).toBe(200);
    expect((await get(newer)).status).toBe(404);
  });

  test('lets one address ask only so often', async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 51; time += 1) statuses.push((await other.http.get('/u/x')).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
