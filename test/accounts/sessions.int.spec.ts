import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountTokens } from '../../src/accounts/sessions/account-tokens.service.js';
import { hashPassword } from '../../src/accounts/sessions/password-hash.js';
import { Transactions } from '../../src/platform/database/transactions.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam, type TestUser } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FakeClock } from '../support/fake-clock.js';

const PASSWORD = 'a calm blue horse';
const HOUR_MS = 3_600_000;

describe('sessions', () => {
  let database: TestDatabase;
  let test: TestApp;
  let team: TestTeam;
  const clock = new FakeClock();

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database, clock });
    team = await makeTeam(test);
    for (const { userId } of [team.admin, ...team.reps]) await setPassword(team.teamId, userId, PASSWORD);
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  async function setPassword(teamId: string, userId: string, password: string): Promise<void> {
    await database.dataSource.query(
      `INSERT INTO user_passwords (team_id, user_id, hash, set_at) VALUES ($1, $2, $3, now())`,
      [teamId, userId, await hashPassword(password)],
    );
  }

  const emailOf = async ({ userId }: TestUser): Promise<string> => {
    const [row] = await database.dataSource.query('SELECT email FROM users WHERE id = $1', [userId]);
    return row.email;
  };
  const signIn = (body: object) => test.http.post('/v1/session').send(body);
  const cookieOf = ({ headers }: { headers: Record<string, unknown> }): string =>
    (headers['set-cookie'] as string[])[0]!.split(';', 1)[0]!;
  const signedIn = async (who: TestUser) =>
    cookieOf(await signIn({ email: await emailOf(who), password: PASSWORD }).expect(200));
  const ownPage = { 'Sec-Fetch-Site': 'same-origin' };
  const me = (cookie: string) => test.http.get('/v1/me').set('Cookie', cookie);

  it('begins with address and password, in a cookie that no script and no other site can use', async () => {
    const rep = team.reps[0]!;
    const email = (await emailOf(rep)).toUpperCase();
    const answer = await signIn({ email, password: PASSWORD }).expect(200);
    expect(answer.body).toMatchObject({ user: { id: rep.userId }, team: { id: team.teamId }, role: 'member' });
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/^cc_session=[\w-]{43}; /);
    expect(cookie).toMatch(/Path=\/; .*HttpOnly; SameSite=Lax/);
    await me(cookieOf(answer)).expect(200);
    const rows: unknown = await database.dataSource.query('SELECT * FROM sessions');
    expect(JSON.stringify(rows)).not.toContain(cookieOf(answer).split('=')[1]);
  });

  it('is a __Host- cookie, Secure, behind https', async () => {
    const behind = await createTestApp({ database, env: { PUBLIC_URL: 'https://command.example.com' } });
    const email = await emailOf(team.reps[0]!);
    const answer = await behind.http.post('/v1/session').send({ email, password: PASSWORD }).expect(200);
    expect((answer.headers['set-cookie'] as unknown as string[])[0]).toMatch(/^__Host-cc_session=.*; Secure/);
    await behind.http.get('/v1/me').set('Cookie', cookieOf(answer)).expect(200);
    const renamed = cookieOf(answer).replace('__Host-', '');
    await behind.http.get('/v1/me').set('Cookie', renamed).expect(401);
    await behind.close();
  });

  it('tells a wrong password, an unknown address and a user without a password the same', async () => {
    const email = await emailOf(team.reps[0]!);
    const bodies = [
      { email, password: `${PASSWORD}.` },
      { email: 'nobody@example.com', password: PASSWORD },
      { email, password: PASSWORD, team_id: '01890000-0000-7000-8000-000000000000' },
    ];
    for (const body of bodies) {
      const { body: problem } = await signIn(body).expect(401);
      expect(problem).toMatchObject({ code: 'sign_in_failed', errors: [] });
    }
  });

  it('asks which team, where address and password fit several', async () => {
    const other = await makeTeam(test, { name: 'Contoso', reps: 0 });
    await setPassword(other.teamId, other.admin.userId, PASSWORD);
    const email = await emailOf(other.admin);
    const { body } = await signIn({ email, password: PASSWORD }).expect(409);
    expect(body.code).toBe('choose_team');
    expect(body.errors).toEqual([
      { field: 'team_id', message: 'Northwind', value: team.teamId },
      { field: 'team_id', message: 'Contoso', value: other.teamId },
    ]);
    const chosen = await signIn({ email, password: PASSWORD, team_id: other.teamId }).expect(200);
    expect(chosen.body.team).toMatchObject({ name: 'Contoso' });
  });

  it('refuses what another site makes a browser send, and takes it from its own page', async () => {
    const cookie = await signedIn(team.reps[0]!);
    const { port } = test.app.getHttpServer().address() as { port: number };
    const add = (headers: object) =>
      test.http
        .post('/v1/tasks')
        .set({ Cookie: cookie, ...headers })
        .send({ name: 'Call', type: 'call' });
    for (const headers of [{}, { Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'none' }]) {
      expect((await add(headers)).body).toMatchObject({ status: 403, code: 'cross_site_refused' });
    }
    await add(ownPage).expect(201);
    await add({ Origin: `http://127.0.0.1:${port}` }).expect(201);
    // A key does not come along by itself.
    await add({ Origin: 'https://evil.example', ...bearer(team.reps[0]!.key) }).expect(201);
    const email = await emailOf(team.reps[0]!);
    const forced = signIn({ email, password: PASSWORD }).set('Origin', 'https://evil.example');
    expect((await forced).body.code).toBe('cross_site_refused');
  });

  it('ends when one signs out, and when it is revoked from elsewhere', async () => {
    const rep = team.reps[1]!;
    const [here, there] = [await signedIn(rep), await signedIn(rep)];
    const { body } = await test.http.get('/v1/sessions').set('Cookie', here).expect(200);
    expect(body.data).toMatchObject([
      { current: false, method: 'password' },
      { current: true, method: 'password' },
    ]);
    const colleague = await signedIn(team.reps[0]!);
    const revoke = (as: string) => test.http.delete(`/v1/sessions/${body.data[0].id}`).set({ Cookie: as, ...ownPage });
    await revoke(colleague).expect(404);
    await revoke(here).expect(204);
    await me(there).expect(401);
    const out = await test.http.delete('/v1/session').set({ Cookie: here, ...ownPage });
    expect([out.status, out.headers['set-cookie']]).toEqual([204, [expect.stringMatching(/^cc_session=; /)]]);
    await me(here).expect(401);
  });

  it('ends with the user, after a time without use, and after a time anyhow', async () => {
    const rep = team.reps[1]!;
    const cookie = await signedIn(rep);
    await database.dataSource.query('UPDATE users SET active = false WHERE id = $1', [rep.userId]);
    await me(cookie).expect(401);
    await database.dataSource.query('UPDATE users SET active = true WHERE id = $1', [rep.userId]);
    for (let day = 0; day < 4; day += 1) {
      clock.advance(160 * HOUR_MS);
      await me(cookie).expect(200);
    }
    clock.advance(100 * HOUR_MS);
    await me(cookie).expect(401);
    const idle = await signedIn(rep);
    clock.advance(169 * HOUR_MS);
    const { body } = await me(idle).expect(401);
    expect(body.detail).toBe('Your session has ended: sign in again.');
  });

  it('begins with a link, once, also when two follow it at the same time', async () => {
    const { userId } = team.reps[0]!;
    const of = { teamId: team.teamId, userId, purpose: 'sign_in', validMs: HOUR_MS } as const;
    const issue = () => test.app.get(Transactions).run((tx) => test.app.get(AccountTokens).issue(tx, of));
    const follow = (token: string) => test.http.post('/v1/session/link').send({ token });
    const token = await issue();
    const statuses = (await Promise.all([follow(token), follow(token), follow(token)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 422, 422]);
    const late = await issue();
    clock.advance(HOUR_MS);
    expect((await follow(late)).body.code).toBe('link_expired');
    expect((await follow('nonsense')).body.code).toBe('link_expired');
  });
});
