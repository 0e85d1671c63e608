import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SessionsService } from '../../../src/accounts/sessions/sessions.service.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { SalesforceClients } from '../../../src/salesforce/client/salesforce-clients.js';
import { ConnectionEvents } from '../../../src/salesforce/connection/connection-events.js';
import { bearer, makeUser, type TestTeam } from '../../support/app.js';
import { until } from '../../support/until.js';
import { ConnectionWorld } from './world.js';

let world: ConnectionWorld;
let team: TestTeam;
const lines: string[] = [];
const events: string[] = [];

beforeAll(async () => {
  world = await ConnectionWorld.create({ logs: { write: (line: string) => void lines.push(line) } });
  world.app.get(ConnectionEvents).register({
    onConnected: (_tx, { teamId }) => Promise.resolve(void events.push(`connected ${teamId}`)),
    onStopped: (_tx, { teamId }) => Promise.resolve(void events.push(`stopped ${teamId}`)),
  });
});
afterAll(() => world.close());

// A team of its own for each test; the org is free again.
beforeEach(async () => {
  await world.org.control('DELETE', 'faults');
  await world.empty('teams');
  team = await world.makeTeam();
  events.length = 0;
});

const begin = async (options: object = { login_url: world.org.url }): Promise<URL> => {
  const response = await world.as(team, 'POST', '/v1/salesforce/connection', options);
  expect(response.status).toBe(201);
  return new URL((response.body as { authorize_url: string }).authorize_url);
};
const integrationUser = () => world.org.users[0]?.id ?? '';
const back = async (url: URL) => {
  return world.comeBack(await world.org.allow(url.href, integrationUser()));
};
const openGrants = async () =>
  (await world.org.server.pool.query('SELECT 1 FROM sf_grant WHERE NOT revoked')).rowCount ?? 0;
const view = async () => (await world.as(team, 'GET', '/v1/salesforce/connection')).body as Record<string, unknown>;

describe('the log-in', () => {
  it('begins with PKCE S256 and a state, of which only traces are stored', async () => {
    const { origin, pathname, searchParams } = await begin();
    expect(origin + pathname).toBe(`${world.org.url}/services/oauth2/authorize`);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('redirect_uri')).toBe(`${world.test.config.publicUrl}/v1/salesforce/callback`);
    const state = searchParams.get('state') ?? '';
    expect(state).toMatch(/^[\w-]{43}$/);
    const stored = JSON.stringify(await world.database.dataSource.query('SELECT * FROM salesforce_oauth_attempts'));
    expect(stored).not.toContain(state);
  });

  it('ends connected, with the state of the org loop, and says so', async () => {
    const page = await world.connect(team);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Salesforce is connected');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(await view()).toMatchObject({
      status: 'connected',
      reason: null,
      paused: false,
      org_id: expect.stringMatching(/^00D\w{15}$/),
      instance_url: world.org.url,
      integration_user: { id: integrationUser(), username: world.org.users[0]?.username },
      connected_by: team.admin.userId,
    });
    const states = await world.database.dataSource.query('SELECT 1 FROM salesforce_org_states WHERE team_id = $1', [
      team.teamId,
    ]);
    expect(states).toHaveLength(1);
    expect(events).toEqual([`connected ${team.teamId}`]);
    const { body } = await world.as(team, 'GET', '/v1/audit?action=salesforce.');
    const [act] = (body as { data: object[] }).data;
    expect(act).toMatchObject({ action: 'salesforce.connected', actor: { type: 'user', id: team.admin.userId } });
    expect(act).toMatchObject({ details: { username: world.org.users[0]?.username } });
  });

  it('a state works once', async () => {
    const url = await begin();
    const address = await world.org.allow(url.href, integrationUser());
    const answers = await Promise.all([world.comeBack(address), world.comeBack(address)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect((await world.comeBack(address)).text).toContain('This log-in is over');
  });

  it('a state lasts ten minutes', async () => {
    const url = await begin();
    world.clock.advance(10 * 60_000);
    const page = await back(url);
    expect([page.status, (await view())['status']]).toEqual([400, 'not_connected']);
    expect(page.text).toContain('longer than ten minutes');
  });

  it('a state belongs to the team that began, whoever brings it', async () => {
    const url = await begin();
    const other = await world.makeTeam('Other');
    await back(url);
    expect(await world.row(team)).toMatchObject({ team_id: team.teamId });
    expect(await world.row(other)).toEqual({});
  });

  it('is for the browser that began it: whoever follows the link of somebody else connects nothing', async () => {
    const before = await openGrants();
    const { pathname, search } = await world.org.allow((await begin()).href, integrationUser());
    const stranger = await world.test.http.get(pathname + search);
    expect([stranger.status, stranger.text]).toEqual([400, expect.stringContaining('begun in another browser')]);
    expect(await world.row(team)).toEqual({});
    expect(await openGrants()).toBe(before);
  });

  it('may come back in another browser in which an admin of the team is signed in, and in no other', async () => {
    const other = await world.makeTeam('Other');
    const cookieOf = async (teamId: string, userId: string) => {
      const open = { teamId, userId, method: 'link' as const, userAgent: '' };
      const { token } = await world.app.get(Transactions).run((tx) => world.app.get(SessionsService).open(tx, open));
      return `cc_session=${token}`;
    };
    const come = async (cookie: string) => {
      const { pathname, search } = await world.org.allow((await begin()).href, integrationUser());
      return (await world.test.http.get(pathname + search).set('Cookie', cookie)).status;
    };
    expect(await come(await cookieOf(other.teamId, other.admin.userId))).toBe(400);
    expect(await come(await cookieOf(team.teamId, team.reps[0]?.userId ?? ''))).toBe(400);
    expect(await come('cc_session=guessed; cc_connect=guessed')).toBe(400);
    expect(await come(await cookieOf(team.teamId, team.admin.userId))).toBe(200);
  });

  it('a state of nobody, or none, is refused', async () => {
    for (const query of ['', '?code=x', '?code=x&state=', '?code=x&state=guessed']) {
      expect((await world.test.http.get(`/v1/salesforce/callback${query}`)).status).toBe(400);
    }
  });

  it('ends when who began is no admin any more', async () => {
    const second = await makeUser(world.test, team.teamId, { role: 'admin' });
    const started = await world.test.http
      .post('/v1/salesforce/connection')
      .set(bearer(second.key))
      .send({ login_url: world.org.url });
    await world.database.dataSource.query(`UPDATE users SET role = 'member' WHERE id = $1`, [second.userId]);
    const page = await back(new URL((started.body as { authorize_url: string }).authorize_url));
    expect(page.text).toContain('no admin any more');
    expect(await world.row(team)).toEqual({});
  });

  it('ends when the key that began is revoked', async () => {
    const { body: me } = await world.as(team, 'GET', '/v1/me');
    const { scopes } = me as { scopes: string[] };
    const { body: key } = await world.as(team, 'POST', '/v1/api-keys', { name: 'of the team', scopes });
    const { id, key: text } = key as { id: string; key: string };
    const started = await world.test.http
      .post('/v1/salesforce/connection')
      .set(bearer(text))
      .send({ login_url: world.org.url });
    await world.as(team, 'DELETE', `/v1/api-keys/${id}`);
    const page = await back(new URL((started.body as { authorize_url: string }).authorize_url));
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('their key was revoked')]);
    expect(await world.row(team)).toEqual({});
  });

  it('again revokes what it replaces', async () => {
    await world.connect(team);
    const before = await openGrants();
    await world.connect(team);
    await until(async () => (await openGrants()) === before);
  });

  it('that the admin denies changes nothing, and shows no text of the address', async () => {
    const address = await world.org.allow((await begin()).href, integrationUser(), 'deny');
    address.searchParams.set('error_description', '<script>alert(1)</script>');
    const page = await world.comeBack(address);
    expect(page.status).toBe(400);
    expect(page.text).toContain('did not allow');
    expect(page.text).not.toContain('alert(1)');
  });

  it('with a code of somebody else fails: it needs our verifier', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const stolen = (await world.org.allow(theirs.href, integrationUser())).searchParams.get('code') ?? '';
    const state = mine.searchParams.get('state') ?? '';
    const query = new URLSearchParams({ code: stolen, state });
    const page = await world.comeBack(new URL(`/v1/salesforce/callback?${query.toString()}`, world.org.url));
    expect(page.status).toBe(400);
    expect(page.text).toContain('invalid code verifier');
  });

  it.each([
    'https://login.salesforce.com.evil.com',
    'https://login.salesforce.com@evil.com',
    'http://login.salesforce.com',
    'https://login.salesforce.com',
  ])('at %s is not allowed here', async (login_url) => {
    const response = await world.as(team, 'POST', '/v1/salesforce/connection', { login_url });
    expect([response.status, (response.body as { code: string }).code]).toEqual([422, 'salesforce_login_host']);
  });

  it('at the My Domain of an org is', async () => {
    const url = await begin({ login_url: 'https://acme--uat.sandbox.my.salesforce.com' });
    expect(url.origin).toBe('https://acme--uat.sandbox.my.salesforce.com');
  });

  it('is for admins', async () => {
    for (const [method, path] of [
      ['post', '/v1/salesforce/connection'],
      ['get', '/v1/salesforce/connection'],
      ['delete', '/v1/salesforce/connection'],
      ['post', '/v1/salesforce/connection/pause'],
      ['post', '/v1/salesforce/connection/resume'],
      ['get', '/v1/salesforce/users'],
      ['post', '/v1/salesforce/users/match'],
    ] as const) {
      const call = world.test.http[method](path).set(bearer(team.reps[0]?.key ?? ''));
      expect([path, (await call).status]).toEqual([path, 403]);
    }
  });
});

describe('one org, one team', () => {
  it('a second team is refused, and its log-in ends', async () => {
    await world.connect(team);
    const first = team;
    team = await world.makeTeam('Other');
    const revocations = await world.org.watch('/services/oauth2/revoke');
    const page = await world.connect(team);
    expect(page.status).toBe(409);
    expect(page.text).toContain('One org belongs to one team');
    expect(await world.row(team)).toEqual({});
    expect(await revocations()).toBe(1);
    expect(await world.row(first)).toMatchObject({ status: 'connected' });
  });

  it('is free for another team once it is disconnected', async () => {
    await world.connect(team);
    await world.as(team, 'DELETE', '/v1/salesforce/connection');
    const other = await world.makeTeam('Other');
    expect((await world.connect(other)).status).toBe(200);
    // And then it is taken.
    expect((await world.connect(team)).status).toBe(409);
  });

  it('a team cannot go to another org: its links would be wrong', async () => {
    await world.connect(team);
    const before = await world.row(team);
    const { orgId } = await world.org.control<{ orgId: string }>('GET', 'state');
    await world.org.control('POST', 'org', { id: '00D000000000777' });
    const page = await world.connect(team);
    await world.org.control('POST', 'org', { id: orgId });
    expect(page.status).toBe(409);
    expect(page.text).toContain(`This team belongs to Salesforce org ${orgId}`);
    expect(await world.row(team)).toEqual(before);
  });

  it('connecting again keeps the connection, with another integration user too', async () => {
    await world.connect(team);
    const before = await world.row(team);
    await world.database.dataSource.query(
      `UPDATE salesforce_connections SET status = 'stopped', status_reason = 'x', paused = true`,
    );
    expect((await world.connect(team, { user: 1 })).status).toBe(200);
    expect(await world.row(team)).toMatchObject({
      id: before['id'],
      status: 'connected',
      status_reason: null,
      paused: true,
      integration_user_id: world.org.users[1]?.id,
      token_generation: Number(before['token_generation']) + 1,
    });
    const client = await world.app.get(SalesforceClients).for(team.teamId);
    expect(client.integrationUserId).toBe(world.org.users[1]?.id);
  });
});

describe('the switches', () => {
  it('pause and resume, told to whoever listens, once each', async () => {
    await world.connect(team);
    events.length = 0;
    for (const act of ['pause', 'pause', 'resume', 'resume']) {
      const response = await world.as(team, 'POST', `/v1/salesforce/connection/${act}`);
      expect([response.status, (response.body as { paused: boolean }).paused]).toEqual([200, act === 'pause']);
    }
    expect(events).toEqual([`stopped ${team.teamId}`, `connected ${team.teamId}`]);
  });

  it('disconnect: revoked there, forgotten here, whatever Salesforce answers', async () => {
    const before = await openGrants();
    await world.connect(team);
    expect(await openGrants()).toBe(before + 1);
    const client = await world.app.get(SalesforceClients).for(team.teamId);
    expect((await world.as(team, 'DELETE', '/v1/salesforce/connection')).status).toBe(204);
    expect(await world.row(team)).toMatchObject({ status: 'disconnected', access_token: null, refresh_token: null });
    expect(await openGrants()).toBe(before);
    await expect(client.page('SELECT Id FROM User LIMIT 1', { deletedToo: false })).rejects.toMatchObject({
      kind: 'stopped',
    });

    await world.connect(team);
    await world.org.fault({ match: { path: 'revoke' }, effect: { status: 503 } });
    expect((await world.as(team, 'DELETE', '/v1/salesforce/connection')).status).toBe(204);
    expect(await view()).toMatchObject({ status: 'disconnected' });
  });

  it('need a connection', async () => {
    for (const [method, path] of [
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
    ] as const) {
      const response = await world.as(team, method, `/v1/salesforce/connection${path}`);
      expect([response.status, (response.body as { code: string }).code]).toEqual([409, 'salesforce_not_connected']);
    }
  });
});

it('no secret is in the database in the clear, in a log or in an answer', async () => {
  lines.length = 0;
  const seen: string[] = [];
  const url = await begin();
  const callback = await world.org.allow(url.href, integrationUser());
  seen.push((await world.comeBack(callback)).text);
  const secrets = async () => {
    const grants = await world.org.server.pool.query<{ t: string }>('SELECT refresh_token AS t FROM sf_grant');
    const sessions = await world.org.server.pool.query<{ t: string }>('SELECT token AS t FROM sf_session');
    return [...grants.rows, ...sessions.rows].map(({ t }) => t);
  };
  const known = await secrets();
  await world.org.control('DELETE', 'sessions', {});
  seen.push((await world.as(team, 'GET', '/v1/salesforce/users')).text);
  seen.push((await world.as(team, 'GET', '/v1/salesforce/connection')).text);
  await world.org.control('DELETE', 'sessions', {});
  await world.org.fault({ match: { path: 'oauth2/token' }, effect: { cut: 'after' } });
  seen.push((await world.as(team, 'GET', '/v1/salesforce/users')).text);
  seen.push((await world.as(team, 'GET', '/v1/salesforce/users')).text);
  expect((await view())['status']).toBe('stopped');
  known.push(...(await secrets()));
  known.push(callback.searchParams.get('code') ?? '', callback.searchParams.get('state') ?? '');
  known.push(world.org.server.clientSecret);
  expect(known.length).toBeGreaterThan(6);
  const stored = JSON.stringify([
    await world.database.dataSource.query('SELECT * FROM salesforce_connections'),
    await world.database.dataSource.query('SELECT * FROM salesforce_oauth_attempts'),
  ]);
  expect(lines.join('')).toContain('the connection is stopped');
  const leaks = known.filter((secret) => [...lines, ...seen, stored].some((text) => text.includes(secret)));
  expect(leaks).toEqual([]);
});
