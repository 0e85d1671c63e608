import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PASSWORD_LIMITS } from '../../../src/accounts/sign-in-limits.js';
import { RateLimits } from '../../../src/platform/rate-limits/rate-limits.js';
import { OauthClient } from '../../../src/salesforce/connection/oauth-client.js';
import type { TestTeam } from '../../support/app.js';
import { until } from '../../support/until.js';
import { type ControlUser, ConnectionWorld } from '../connection/world.js';

const CALLBACK = '/v1/sign-in/salesforce/callback';

let world: ConnectionWorld;
let team: TestTeam;
let person: ControlUser;
const lines: string[] = [];

beforeAll(async () => {
  world = await ConnectionWorld.create({ logs: { write: (line: string) => void lines.push(line) } });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.org.control('DELETE', 'faults');
  await world.empty('teams');
  team = await world.makeTeam();
  await world.connect(team);
  person = world.org.users[1]!;
});

const rep = () => team.reps[0]!;
const match = (salesforceUserId = person.id, userId = rep().userId) =>
  world.as(team, 'PUT', `/v1/salesforce/users/${userId}/match`, { salesforce_user_id: salesforceUserId });
const query = (sql: string, values: unknown[] = []) => world.database.dataSource.query(sql, values);

interface Begun {
  url: URL;
  cookie: string;
}

async function begin(search = ''): Promise<Begun> {
  const { status, headers } = await world.test.http.get(`/v1/sign-in/salesforce${search}`);
  expect(status).toBe(302);
  const [set = ''] = headers['set-cookie'] as unknown as string[];
  expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Lax/);
  return { url: new URL(String(headers.location)), cookie: set.split(';')[0] ?? '' };
}

/** The whole way of a browser. Answers where it ends, and the session's cookie. */
async function signIn(options: { search?: string; as?: string; decision?: string } = {}) {
  const { url, cookie } = await begin(options.search);
  const back = await world.org.allow(url.href, options.as ?? person.id, options.decision);
  return comeBack(back, cookie);
}

async function comeBack(back: URL, cookie: string) {
  const { status, headers } = await world.test.http.get(back.pathname + back.search).set('Cookie', cookie);
  expect(status).toBe(302);
  const set = (headers['set-cookie'] as unknown as string[] | undefined) ?? [];
  const session = set.find((text) => text.startsWith('cc_session='))?.split(';')[0];
  return { to: String(headers.location), session };
}

const me = async (session: string | undefined) => world.test.http.get('/v1/me').set('Cookie', session ?? '');
const refused = (problem: string) => ({ to: `/sign-in?problem=${problem}`, session: undefined });

describe('signing in with Salesforce', () => {
  it('is offered where the app is set up', async () => {
    const { body } = await world.test.http.get('/v1/sign-in').expect(200);
    expect(body).toEqual({ password: true, salesforce: true });
  });

  it('asks who it is and nothing more, with PKCE, a state and a nonce', async () => {
    const { searchParams } = (await begin()).url;
    expect(searchParams.get('scope')).toBe('openid profile email');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('redirect_uri')).toBe(`${world.test.config.publicUrl}${CALLBACK}`);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/);
  });

  it('lets in whom a match names, as themselves, to where they wanted', async () => {
    await match();
    const { to, session } = await signIn({ search: '?return_to=/tasks%3Fview%3Doverdue' });
    expect(to).toBe('/tasks?view=overdue');
    const { body } = await me(session);
    expect(body).toMatchObject({ user: { id: rep().userId } });
    const list = await world.test.http
      .get('/v1/sessions')
      .set('Cookie', session ?? '')
      .expect(200);
    expect(list.body.data[0]).toMatchObject({ method: 'salesforce', current: true });
    const open =
      'SELECT 1 FROM sf_session s JOIN sf_grant g ON g.id = s.grant_id WHERE g.scope LIKE $1 AND NOT s.expired';
    // What Salesforce gave for it ends.
    await until(async () => (await world.org.server.pool.query(open, ['openid%'])).rowCount === 0);
  });

  it('lets in by a verified address who is not matched yet, and makes no user', async () => {
    expect(await signIn()).toEqual(refused('user_unknown'));
    await query('UPDATE users SET email = $2 WHERE id = $1', [rep().userId, person.email.toLowerCase()]);
    const { body } = await me((await signIn()).session);
    expect(body).toMatchObject({ user: { id: rep().userId } });
  });

  it('does not trust an address that Salesforce has not verified', async () => {
    await query('UPDATE users SET email = $2 WHERE id = $1', [rep().userId, person.email.toLowerCase()]);
    await world.org.control('PATCH', `users/${person.id}`, { emailVerified: false });
    expect(await signIn()).toEqual(refused('user_unknown'));
    await world.org.control('PATCH', `users/${person.id}`, { emailVerified: true });
    expect((await signIn()).session).toBeDefined();
  });

  it('does not take the address of somebody else, though Salesforce has verified it', async () => {
    await query('UPDATE users SET email = $2 WHERE id = $1', [rep().userId, person.email.toLowerCase()]);
    const oauth = world.app.get(OauthClient);
    const userInfo = oauth.userInfo.bind(oauth);
    const sub = `${world.org.url}/id/00D000000000001EAA/${world.org.users[2]!.id}`;
    oauth.userInfo = async (...args) => ({ ...(await userInfo(...args)), sub });
    const came = await signIn();
    oauth.userInfo = userInfo;
    expect(came).toEqual(refused('failed'));
    expect((await signIn()).session).toBeDefined();
  });

  it('does not let in by address who is not active', async () => {
    const sql = 'UPDATE users SET email = $2, active = $3 WHERE id = $1';
    await query(sql, [rep().userId, person.email.toLowerCase(), false]);
    expect(await signIn()).toEqual(refused('user_unknown'));
    await query(sql, [rep().userId, person.email.toLowerCase(), true]);
    expect((await signIn()).session).toBeDefined();
  });

  it('does not let in by address who is matched with somebody else', async () => {
    await query('UPDATE users SET email = $2 WHERE id = $1', [rep().userId, person.email.toLowerCase()]);
    await match(world.org.users[2]!.id);
    expect(await signIn()).toEqual(refused('user_unknown'));
  });

  it('lets nobody in who is not active, or whose team is deleted or has left the org', async () => {
    await match();
    await query('UPDATE users SET active = false WHERE id = $1', [rep().userId]);
    expect(await signIn()).toEqual(refused('user_unknown'));
    await query('UPDATE users SET active = true WHERE id = $1', [rep().userId]);
    expect((await signIn()).session).toBeDefined();
    await query('UPDATE teams SET deleted_at = now() WHERE id = $1', [team.teamId]);
    expect(await signIn()).toEqual(refused('org_unknown'));
    await query('UPDATE teams SET deleted_at = NULL WHERE id = $1', [team.teamId]);
    await world.as(team, 'DELETE', '/v1/salesforce/connection');
    expect(await signIn()).toEqual(refused('org_unknown'));
  });

  it('lets in whom the matching found only with the same, verified address', async () => {
    await query(
      `INSERT INTO salesforce_user_matches (team_id, user_id, salesforce_user_id, salesforce_username, matched_by)
       VALUES ($1, $2, $3, $4, 'username')`,
      [team.teamId, rep().userId, person.id, person.username],
    );
    expect(await signIn()).toEqual(refused('user_unknown'));
    await query('UPDATE users SET email = $2 WHERE id = $1', [rep().userId, person.email.toLowerCase()]);
    expect((await me((await signIn()).session)).body).toMatchObject({ user: { id: rep().userId } });
    await world.org.control('PATCH', `users/${person.id}`, { emailVerified: false });
    expect(await signIn()).toEqual(refused('user_unknown'));
    await world.org.control('PATCH', `users/${person.id}`, { emailVerified: true });
  });

  it('opens only the team whose org it is, whoever has the address elsewhere', async () => {
    const other = await world.makeTeam('Other');
    await query('UPDATE users SET email = $2 WHERE id = $1', [other.reps[0]!.userId, person.email.toLowerCase()]);
    expect(await signIn()).toEqual(refused('user_unknown'));
    await match();
    expect((await me((await signIn()).session)).body).toMatchObject({ team: { id: team.teamId } });
  });

  it('can be finished only by the browser that began it, once', async () => {
    await match();
    const { url, cookie } = await begin();
    const back = await world.org.allow(url.href, person.id);
    const { pathname, search } = back;
    const stranger = await world.test.http.get(pathname + search);
    expect(stranger.headers.location).toBe('/sign-in?problem=expired');
    const other = await begin();
    expect(await comeBack(back, other.cookie)).toEqual(refused('expired'));
    expect(await comeBack(back, 'cc_sign_in=guessed')).toEqual(refused('expired'));
    expect((await comeBack(back, cookie)).session).toBeDefined();
    expect(await comeBack(back, cookie)).toEqual(refused('failed'));
  });

  it('with a code that was given to another browser fails: it needs the verifier', async () => {
    await match();
    const [mine, theirs] = [await begin(), await begin()];
    const stolen = await world.org.allow(theirs.url.href, person.id);
    stolen.searchParams.set('state', mine.url.searchParams.get('state') ?? '');
    expect(await comeBack(stolen, mine.cookie)).toEqual(refused('failed'));
  });

  it('lasts ten minutes', async () => {
    await match();
    const { url, cookie } = await begin();
    const back = await world.org.allow(url.href, person.id);
    world.clock.advance(10 * 60_000);
    expect(await comeBack(back, cookie)).toEqual(refused('expired'));
  });

  it('that the person denies, or that Salesforce cannot finish, says so', async () => {
    await match();
    expect(await signIn({ decision: 'deny' })).toEqual(refused('denied'));
    await world.org.fault({ match: { path: '/services/oauth2/token' }, effect: { cut: 'before' } });
    expect(await signIn()).toEqual(refused('unavailable'));
    await world.org.fault({ match: { path: '/services/oauth2/token' }, effect: { status: 503, body: {} } });
    expect(await signIn()).toEqual(refused('unavailable'));
  });

  it.each([
    '//evil.com',
    'https://evil.com',
    '/\\evil.com',
    '/\r\nSet-Cookie:x',
    '/sign-in?x',
    '/v1/me',
    'javascript:1',
  ])('goes to no place but the page itself: %s', async (place) => {
    await match();
    expect((await signIn({ search: `?return_to=${encodeURIComponent(place)}` })).to).toBe('/tasks');
  });

  it('begins only where a person asks for it: another site cannot sign its visitors in', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const { headers } = await world.test.http.get('/v1/sign-in/salesforce').set('Sec-Fetch-Site', site);
      expect([headers.location, headers['set-cookie']]).toEqual(['/sign-in', undefined]);
    }
    const { headers } = await world.test.http.get('/v1/sign-in/salesforce').set('Sec-Fetch-Site', 'same-origin');
    expect(headers.location).toContain('/services/oauth2/authorize');
  });

  it('goes to the address that is configured, whatever the link says', async () => {
    const { headers } = await world.test.http.get('/v1/sign-in/salesforce?host=https://evil.my.salesforce.com');
    expect(headers.location).toMatch(new RegExp(`^${world.org.url}/`));
  });

  it('may be begun and finished so often from one address, and then not for a while', async () => {
    const limits = world.app.get(RateLimits);
    const all = Array.from({ length: PASSWORD_LIMITS.outsideOfIp.points }, () =>
      limits.take('outside-ip', '127.0.0.1', PASSWORD_LIMITS.outsideOfIp),
    );
    await Promise.allSettled(all);
    for (const path of ['/v1/sign-in/salesforce', CALLBACK]) {
      const { status, headers } = await world.test.http.get(path);
      expect([status, headers.location, headers['set-cookie']]).toEqual([429, undefined, undefined]);
    }
    await limits.forget('outside-ip', '127.0.0.1');
    expect((await begin()).cookie).toMatch(/^cc_sign_in=/);
  });

  it('never writes a token, a code or a secret into the log', async () => {
    await match();
    const { url, cookie } = await begin();
    const back = await world.org.allow(url.href, person.id);
    lines.length = 0;
    const { session } = await comeBack(back, cookie);
    await world.test.http
      .get('/v1/me')
      .set('Cookie', session ?? '')
      .expect(200);
    const log = lines.join('');
    expect(log).not.toBe('');
    const secrets = [
      back.searchParams.get('code'),
      back.searchParams.get('state'),
      cookie.split('=')[1],
      session?.split('=')[1],
    ];
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});
