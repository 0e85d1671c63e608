import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, createTestApp, makeTeam, makeUser, type TestApp, type TestTeam } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('teams and users over HTTP', () => {
  let database: TestDatabase;
  let test: TestApp;
  let team: TestTeam;

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database });
    team = await makeTeam(test);
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  const asAdmin = () => bearer(team.admin.key);
  const asRep = () => bearer(team.reps[0]!.key);
  const patch = (id: string, etag: string, body: object) =>
    test.http.patch(`/v1/users/${id}`).set(asAdmin()).set('If-Match', etag).send(body);

  it('an admin makes a user; the email is kept in lower case and is unique in the team', async () => {
    const input = { email: ' Zoe@Example.com ', name: ' Zoe ', time_zone: 'Europe/Berlin' };
    const made = await test.http.post('/v1/users').set(asAdmin()).send(input).expect(201);
    expect(made.body).toMatchObject({
      email: 'zoe@example.com',
      name: 'Zoe',
      role: 'member',
      time_zone: 'Europe/Berlin',
      active: true,
      version: 1,
    });
    expect(made.headers.etag).toBe('"v1"');
    const again = await test.http.post('/v1/users').set(asAdmin()).send({ email: 'ZOE@example.com', name: 'Z' });
    expect([again.status, again.body.code, again.body.errors]).toEqual([
      409,
      'conflict',
      [{ field: 'email', message: 'is taken' }],
    ]);
  });

  it('names every field that is wrong', async () => {
    const input = { email: 'nobody', name: '  ', role: 'king', time_zone: 'Mars/Base', salary: 3 };
    const { status, body } = await test.http.post('/v1/users').set(asAdmin()).send(input);
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(
      ['email', 'name', 'role', 'salary', 'time_zone'].sort(),
    );
    const empty = await patch(team.reps[0]!.userId, '*', { name: null });
    expect([empty.status, empty.body.errors[0].field]).toEqual([400, 'name']);
  });

  it('a member sees of teammates only who they are, and may not change them', async () => {
    const { body } = await test.http.get('/v1/users').set(asRep()).expect(200);
    const admin = body.data.find((user: { id: string }) => user.id === team.admin.userId);
    expect(admin).toEqual({ id: team.admin.userId, name: 'Ada Admin', active: true });
    const own = await test.http.get(`/v1/users/${team.reps[0]!.userId}`).set(asRep()).expect(200);
    expect(own.body).toMatchObject({ role: 'member', version: 1 });
    await test.http.post('/v1/users').set(asRep()).send({}).expect(403);
    await test.http.patch(`/v1/users/${team.reps[0]!.userId}`).set(asRep()).send({}).expect(403);
    await test.http.patch('/v1/team').set(asRep()).send({}).expect(403);
  });

  it('a member changes their own name and time zone, nothing else', async () => {
    const change = (body: object) => test.http.patch('/v1/me').set(asRep()).set('If-Match', '*').send(body);
    const { body } = await change({ time_zone: 'Asia/Tokyo' }).expect(200);
    expect(body).toMatchObject({ time_zone: 'Asia/Tokyo', version: 2 });
    await change({ role: 'admin' }).expect(400);
    const me = await test.http.get('/v1/me').set(asRep()).expect(200);
    expect(me.body.time_zone).toBe('Asia/Tokyo');
  });

  it('an edit needs the present version, and a change of nothing keeps it', async () => {
    const { userId } = await makeUser(test, team.teamId);
    const missing = await test.http.patch(`/v1/users/${userId}`).set(asAdmin()).send({ name: 'A' }).expect(428);
    expect(missing.body.code).toBe('precondition_required');
    const changed = await patch(userId, '"v1"', { name: 'A' }).expect(200);
    expect([changed.headers.etag, changed.body.version]).toEqual(['"v2"', 2]);
    const stale = await patch(userId, '"v1"', { name: 'B' }).expect(412);
    expect(stale.body.code).toBe('version_mismatch');
    const same = await patch(userId, 'W/"v2"', { name: 'A' }).expect(200);
    expect(same.body.version).toBe(2);
    const read = await test.http.get(`/v1/users/${userId}`).set(asAdmin()).expect(200);
    expect(read.headers.etag).toBe('"v2"');
    await test.http.get(`/v1/users/${userId}`).set(asAdmin()).set('If-None-Match', '"v2"').expect(304);
  });

  it('the last active admin can be neither demoted nor deactivated', async () => {
    const own = await makeTeam(test, { name: 'Small', reps: 0 });
    const change = (id: string, body: object) =>
      test.http.patch(`/v1/users/${id}`).set(bearer(own.admin.key)).set('If-Match', '*').send(body);
    for (const body of [{ role: 'member' }, { active: false }]) {
      const refused = await change(own.admin.userId, body);
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    }
    const second = await makeUser(test, own.teamId, { role: 'admin' });
    await change(own.admin.userId, { role: 'member' }).expect(200);
    const last = await test.http
      .patch(`/v1/users/${second.userId}`)
      .set(bearer(second.key))
      .set('If-Match', '*')
      .send({ active: false });
    expect(last.status).toBe(409);
  });

  it('two admins who demote each other at once do not both succeed', async () => {
    for (let round = 0; round < 5; round++) {
      const own = await makeTeam(test, { name: `Duel ${round}`, reps: 0 });
      const second = await makeUser(test, own.teamId, { role: 'admin' });
      const demote = (key: string, id: string) =>
        test.http.patch(`/v1/users/${id}`).set(bearer(key)).set('If-Match', '*').send({ role: 'member' });
      const answers = await Promise.all([demote(own.admin.key, second.userId), demote(second.key, own.admin.userId)]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    }
  });

  it('lists in pages that neither repeat nor leave out', async () => {
    const own = await makeTeam(test, { name: 'Paged', reps: 6 });
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const { body } = await test.http.get(`/v1/users?limit=3${after}`).set(bearer(own.admin.key)).expect(200);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      if (body.next === null) break;
      after = `&after=${body.next as string}`;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });

  it('the team can be renamed by its admins', async () => {
    const read = await test.http.get('/v1/team').set(asRep()).expect(200);
    const rename = (etag: string) =>
      test.http.patch('/v1/team').set(asAdmin()).set('If-Match', etag).send({ name: 'Southwind' });
    const { body } = await rename(String(read.headers.etag)).expect(200);
    expect(body).toMatchObject({ name: 'Southwind', version: 2 });
    await rename('"v1"').expect(412);
  });
});
