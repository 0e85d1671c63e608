import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, createTestApp, type TestTeam } from '../../support/app.js';
import { ConnectionWorld } from './world.js';

let world: ConnectionWorld;
let team: TestTeam;

beforeAll(async () => {
  world = await ConnectionWorld.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.empty('teams');
  team = await world.makeTeam();
});

async function begin(http = world.test.http) {
  const answer = await http
    .post('/v1/salesforce/connection')
    .set(bearer(team.admin.key))
    .send({ login_url: world.org.url })
    .expect(201);
  const [cookie = ''] = answer.headers['set-cookie'] as unknown as string[];
  return { address: (answer.body as { authorize_url: string }).authorize_url, cookie };
}

const comeBack = async (address: string, cookie: string) => {
  const { pathname, search } = await world.org.allow(address, world.org.users[0]?.id ?? '');
  return world.test.http.get(pathname + search).set('Cookie', cookie);
};

describe('the browser that begins to connect', () => {
  it('gets a cookie for ten minutes that no script reads, comes back with it, and loses it', async () => {
    const { address, cookie } = await begin();
    expect(cookie).toMatch(/^cc_connect=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    const page = await comeBack(address, cookie.split(';')[0] ?? '');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Salesforce is connected')]);
    expect((page.headers['set-cookie'] as unknown as string[])[0]).toMatch(/^cc_connect=; Max-Age=0; Path=\//);
  });

  it('cannot finish what was begun elsewhere, though it began something itself', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const page = await comeBack(theirs.address, mine.cookie.split(';')[0] ?? '');
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('begun in another browser')]);
    expect(await world.row(team)).toEqual({});
  });

  it('gets a __Host- cookie, Secure, behind https', async () => {
    const env = {
      PUBLIC_URL: 'https://command.example.com',
      SALESFORCE_CLIENT_ID: world.org.server.clientId,
      SALESFORCE_LOGIN_HOSTS: world.org.url,
    };
    const behind = await createTestApp({ database: world.database, env });
    const { cookie } = await begin(behind.http);
    const { headers } = await behind.http.get('/v1/sign-in/salesforce').expect(302);
    await behind.close();
    for (const [name, text] of [
      ['connect', cookie],
      ['sign_in', (headers['set-cookie'] as unknown as string[])[0]],
    ]) {
      expect(text).toMatch(new RegExp(`^__Host-cc_${name}=\\S+; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax$`));
    }
  });
});
