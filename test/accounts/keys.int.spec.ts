import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, createTestApp, makeTeam, makeUser, type TestApp, type TestTeam } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FakeClock } from '../support/fake-clock.js';

describe('API keys', () => {
  let database: TestDatabase;
  let test: TestApp;
  let team: TestTeam;
  let other: TestTeam;
  const clock = new FakeClock();

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database, clock });
    team = await makeTeam(test);
    other = await makeTeam(test, { name: 'Other' });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  const rep = () => team.reps[0]!;
  const createKey = async (as: string, body: object) => test.http.post('/v1/api-keys').set(bearer(as)).send(body);

  it('says who calls', async () => {
    const { body } = await test.http.get('/v1/me').set(bearer(rep().key)).expect(200);
    expect(body).toMatchObject({
      team: { id: team.teamId },
      user: { id: rep().userId, role: 'member', time_zone: 'UTC' },
      actor: `user:${rep().userId}`,
    });
  });

  it('refuses a missing, malformed, unknown and altered key with 401 and says how to authenticate', async () => {
    const key = rep().key;
    const altered = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    const headers = [
      undefined,
      'nonsense',
      'Bearer x',
      'Basic abc',
      `Bearer ${altered}`,
      `Bearer cc_000000000000_${key.slice(16)}`,
    ];
    for (const header of headers) {
      const call = test.http.get('/v1/me');
      const answer = await (header ? call.set('Authorization', header) : call);
      expect([header, answer.status, answer.body.code]).toEqual([header, 401, 'unauthenticated']);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it('keeps only a hash of the key', async () => {
    const secret = rep().key.split('_').slice(2).join('_');
    const rows: unknown = await database.dataSource.query('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('shows a new key once, and no longer opens once revoked', async () => {
    const made = await createKey(rep().key, { name: 'mine' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ user_id: rep().userId, scopes: [], key: expect.stringMatching(/^cc_/) });
    await test.http.get('/v1/me').set(bearer(made.body.key)).expect(200);
    const list = await test.http.get('/v1/api-keys').set(bearer(rep().key)).expect(200);
    expect(JSON.stringify(list.body)).not.toContain(made.body.key);
    expect(list.body.data.every((key: { user_id: string }) => key.user_id === rep().userId)).toBe(true);

    const same = await createKey(rep().key, { name: 'mine', user_id: rep().userId.toUpperCase() });
    expect([same.status, same.body.user_id]).toEqual([201, rep().userId]);

    await test.http.delete(`/v1/api-keys/${made.body.id}`).set(bearer(rep().key)).expect(204);
    await test.http.delete(`/v1/api-keys/${made.body.id}`).set(bearer(rep().key)).expect(204);
    await test.http.get('/v1/me').set(bearer(made.body.key)).expect(401);
  });

  it('of a deactivated user open nothing, and open again after reactivation', async () => {
    const leaver = await makeUser(test, team.teamId);
    const setActive = async (active: boolean, version: number) =>
      test.http
        .patch(`/v1/users/${leaver.userId}`)
        .set(bearer(team.admin.key))
        .set('If-Match', `"v${version}"`)
        .send({ active });
    expect((await setActive(false, 1)).status).toBe(200);
    await test.http.get('/v1/me').set(bearer(leaver.key)).expect(401);
    const refused = await createKey(team.admin.key, { name: 'for a leaver', user_id: leaver.userId });
    expect(refused.status).toBe(409);
    expect((await setActive(true, 2)).status).toBe(200);
    await test.http.get('/v1/me').set(bearer(leaver.key)).expect(200);
  });

  it('of the team act within their scopes', async () => {
    const made = await createKey(team.admin.key, { name: 'reader', scopes: ['team:read'] });
    const key = bearer(made.body.key);
    const me = await test.http.get('/v1/me').set(key).expect(200);
    expect(me.body).toMatchObject({ user: null, role: 'admin', scopes: ['team:read'], actor: `key:${made.body.id}` });
    await test.http.get('/v1/users').set(key).expect(200);
    const refused = await test.http.post('/v1/users').set(key).send({}).expect(403);
    expect(refused.body).toMatchObject({ code: 'forbidden', detail: 'This API key lacks the scope team:write.' });
  });

  it('of the team make no key that can do more than they can', async () => {
    const made = await createKey(team.admin.key, { name: 'team', scopes: ['team:read', 'team:write'] });
    const key = made.body.key as string;
    expect((await createKey(key, { name: 'less', scopes: ['team:read'] })).status).toBe(201);
    expect((await createKey(key, { name: 'more', scopes: ['tasks:read'] })).status).toBe(403);
    expect((await createKey(key, { name: 'an admin', user_id: team.admin.userId })).status).toBe(403);
    expect((await createKey(key, { name: 'whose' })).status).toBe(403);
  });

  it('of members make and revoke only their own', async () => {
    const [, second] = team.reps;
    expect((await createKey(rep().key, { name: 'x', user_id: second!.userId })).status).toBe(403);
    expect((await createKey(rep().key, { name: 'x', scopes: ['team:read'] })).status).toBe(403);
    const all = await test.http.get('/v1/api-keys?limit=200').set(bearer(team.admin.key)).expect(200);
    const theirs = all.body.data.find((key: { user_id: string }) => key.user_id === second!.userId);
    await test.http.delete(`/v1/api-keys/${theirs.id}`).set(bearer(rep().key)).expect(404);
  });

  it('reach nothing of another team', async () => {
    const all = await test.http.get('/v1/api-keys').set(bearer(other.admin.key)).expect(200);
    const theirs = all.body.data[0].id as string;
    const as = bearer(team.admin.key);
    await test.http.delete(`/v1/api-keys/${theirs}`).set(as).expect(404);
    await test.http.get(`/v1/users/${other.admin.userId}`).set(as).expect(404);
    await test.http
      .patch(`/v1/users/${other.admin.userId}`)
      .set(as)
      .set('If-Match', '*')
      .send({ name: 'x' })
      .expect(404);
    const refused = await createKey(team.admin.key, { name: 'x', user_id: other.admin.userId });
    expect(refused.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'user_id' }] });
    const users = await test.http.get('/v1/users').set(as).expect(200);
    expect(JSON.stringify(users.body)).not.toContain(other.admin.userId);
  });

  it('note their last use, at most once a minute', async () => {
    const user = await makeUser(test, team.teamId);
    const lastUse = async () => {
      const sql = 'SELECT last_used_at FROM api_keys WHERE user_id = $1';
      const rows: { last_used_at: Date | null }[] = await database.dataSource.query(sql, [user.userId]);
      return rows[0]?.last_used_at?.getTime() ?? null;
    };
    const use = () => test.http.get('/v1/me').set(bearer(user.key)).expect(200);
    expect(await lastUse()).toBeNull();
    await use();
    const first = clock.now().getTime();
    expect(await lastUse()).toBe(first);
    clock.advance(59_000);
    await use();
    expect(await lastUse()).toBe(first);
    clock.advance(1_000);
    await use();
    expect(await lastUse()).toBe(first + 60_000);
  });
});
