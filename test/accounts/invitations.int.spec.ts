import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { Quiescence } from '../../src/platform/pipelines/quiescence.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FakeClock } from '../support/fake-clock.js';

const PASSWORD = 'a calm blue horse';

describe('invitations and new passwords', () => {
  let database: TestDatabase;
  let test: TestApp;
  let team: TestTeam;
  let failing: number | false = false;
  const mails: ParsedMail[] = [];
  const clock = new FakeClock();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        if (failing) return done(Object.assign(new Error('not now'), { responseCode: failing }));
        mails.push(mail);
        done();
      }, done);
    },
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    database = await createTestDatabase();
    test = await createTestApp({ database, clock, env: { SMTP_URL: `smtp://127.0.0.1:${port}` } });
    team = await makeTeam(test, { name: 'North & West' });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  const work = () => test.app.get(Quiescence).drainAllDue();
  const invite = (email: string) =>
    test.http.post('/v1/invitations').set(bearer(team.admin.key)).send({ email, name: '<b>Bo</b>' }).expect(201);
  const lastToken = () => /#([\w-]+)\n/.exec(mails.at(-1)!.text!)![1]!;
  const setPassword = (token: string, password: string) => test.http.post('/v1/password').send({ token, password });

  it('arrive as a mail whose link sets the password, once', async () => {
    const { body } = await invite('bo@example.com');
    expect(body).not.toHaveProperty('link');
    await work();
    const mail = mails.at(-1)!;
    expect(mail.subject).toBe('Join North & West in Command Center');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.html).toContain('&lt;b&gt;Bo&lt;/b&gt;');
    expect((await setPassword(lastToken(), 'short').expect(400)).body.errors[0].field).toBe('password');
    const answer = await setPassword(lastToken(), PASSWORD).expect(200);
    expect(answer.body.user.id).toBe(body.id);
    expect((await setPassword(lastToken(), PASSWORD)).body.code).toBe('link_expired');
    await test.http.post('/v1/session').send({ email: 'bo@example.com', password: PASSWORD }).expect(200);
  });

  it('are sent again after a failure of the mail server', async () => {
    failing = 451;
    await invite('late@example.com');
    const before = mails.length;
    await work();
    failing = false;
    await work();
    expect(mails).toHaveLength(before);
    clock.advance(121_000);
    await work();
    expect(mails).toHaveLength(before + 1);
  });

  const standingOf = async (id: string) =>
    (await test.http.get(`/v1/users/${id}`).set(bearer(team.admin.key)).expect(200)).body.standing;
  const again = (id: string) => test.http.post(`/v1/users/${id}/invitation`).set(bearer(team.admin.key));

  it('show admins how far they are: on the way, sent, expired, accepted', async () => {
    const { body } = await invite('slow@example.com');
    expect(await standingOf(body.id)).toMatchObject({ invitation: { state: 'mailing' }, mail_problem: null });
    await work();
    const sent = await standingOf(body.id);
    expect(sent).toMatchObject({ invitation: { state: 'sent' }, last_seen_at: null });
    expect(new Date(sent.invitation.expires_at).getTime()).toBe(clock.now().getTime() + 7 * 86_400_000);
    const token = lastToken();
    clock.advance(7 * 86_400_000);
    await test.http.post('/v1/password-reset').send({ email: 'slow@example.com' }).expect(202);
    await work();
    expect(await standingOf(body.id)).toMatchObject({ invitation: { state: 'expired' } });
    expect((await setPassword(token, PASSWORD)).body.code).toBe('link_expired');
    await again(body.id).expect(200);
    await work();
    await setPassword(lastToken(), PASSWORD).expect(200);
    const accepted = await standingOf(body.id);
    expect(accepted).toEqual({ invitation: null, mail_problem: null, last_seen_at: clock.now().toISOString() });
    expect((await again(body.id)).status).toBe(409);
    const seenByMember = await test.http.get(`/v1/users/${body.id}`).set(bearer(team.reps[0]!.key)).expect(200);
    expect(seenByMember.body).not.toHaveProperty('standing');
  });

  it('given up by the mail server are shown with its words, and sent again on request, the old link no more', async () => {
    failing = 550;
    const { body } = await invite('mistyped@example.com');
    await work();
    expect(await standingOf(body.id)).toMatchObject({
      mail_problem: {
        kind: 'invitation',
        reason: expect.stringContaining('not now'),
        given_up: true,
        next_try_at: null,
      },
    });
    const before = mails.length;
    failing = false;
    clock.advance(86_400_000);
    await work();
    expect(mails).toHaveLength(before);
    await again(body.id).expect(200);
    await work();
    expect(await standingOf(body.id)).toMatchObject({ invitation: { state: 'sent' }, mail_problem: null });
    const first = lastToken();
    await again(body.id).expect(200);
    await work();
    expect((await setPassword(first, PASSWORD)).body.code).toBe('link_expired');
    await setPassword(lastToken(), PASSWORD).expect(200);
  });

  it('that a server puts off are given up after nine tries, over about a day', async () => {
    failing = 451;
    const { body } = await invite('greylisted@example.com');
    for (let tried = 1; tried < 9; tried++) {
      await work();
      const { mail_problem: problem } = await standingOf(body.id);
      expect(problem).toMatchObject({ given_up: false });
      clock.advance(new Date(problem.next_try_at).getTime() - clock.now().getTime());
    }
    await work();
    failing = false;
    expect(await standingOf(body.id)).toMatchObject({ mail_problem: { given_up: true } });
  });

  it('are not mailed for a team that was deleted meanwhile', async () => {
    const gone = await makeTeam(test, { name: 'Gone', reps: 0 });
    const admin = bearer(gone.admin.key);
    await test.http.post('/v1/invitations').set(admin).send({ email: 'late@gone.example', name: 'Late' }).expect(201);
    await test.http.delete('/v1/team').set(admin).send({ name: 'Gone' }).expect(202);
    const before = mails.length;
    await work();
    expect(mails).toHaveLength(before);
    expect(await database.dataSource.query('SELECT 1 FROM teams WHERE id = $1', [gone.teamId])).toEqual([]);
  });

  it('answer the same for an unknown address, and end other sessions when the password is new', async () => {
    const signedIn = await test.http.post('/v1/session').send({ email: 'bo@example.com', password: PASSWORD });
    const ask = (email: string) => test.http.post('/v1/password-reset').send({ email }).expect(202);
    const before = mails.length;
    expect((await ask('nobody@example.com')).text).toBe((await ask('bo@example.com')).text);
    await work();
    expect(mails).toHaveLength(before + 1);
    await setPassword(lastToken(), `${PASSWORD} again`).expect(200);
    const [cookie] = signedIn.headers['set-cookie'] as unknown as string[];
    await test.http.get('/v1/me').set('Cookie', cookie!.split(';')[0]!).expect(401);
  });

  it('are in the audit log, by name', async () => {
    const { body } = await test.http.get('/v1/audit?action=user.invited').set(bearer(team.admin.key)).expect(200);
    expect(body.data[0]).toMatchObject({ actor: { name: 'Ada Admin' }, target: { type: 'user', name: '<b>Bo</b>' } });
    await test.http.get('/v1/audit').set(bearer(team.reps[0]!.key)).expect(403);
  });

  it('reach nobody who was deactivated meanwhile, nor lets an old session or link in after a return', async () => {
    const { body } = await invite('leaver@example.com');
    await work();
    const signedIn = await setPassword(lastToken(), PASSWORD).expect(200);
    const cookie = (signedIn.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;
    await test.http.post('/v1/password-reset').send({ email: 'leaver@example.com' }).expect(202);
    const setActive = (active: boolean) =>
      test.http
        .patch(`/v1/users/${body.id}`)
        .set({ ...bearer(team.admin.key), 'If-Match': '*' })
        .send({ active })
        .expect(200);
    await setActive(false);
    const before = mails.length;
    await work();
    expect(mails).toHaveLength(before);
    await setActive(true);
    await work();
    expect(mails).toHaveLength(before);
    await test.http.get('/v1/me').set('Cookie', cookie).expect(401);
  });

  it('what is done with keys and with the team is in the audit log, before and after, without a secret', async () => {
    const admin = bearer(team.admin.key);
    const made = await test.http
      .post('/v1/api-keys')
      .set(admin)
      .send({ name: 'robot', scopes: ['tasks:read'] })
      .expect(201);
    for (let twice = 0; twice < 2; twice += 1) {
      await test.http.delete(`/v1/api-keys/${made.body.id}`).set(admin).expect(204);
    }
    await test.http
      .patch('/v1/team')
      .set({ ...admin, 'If-Match': '*' })
      .send({ name: 'South' })
      .expect(200);
    const { body, text } = await test.http.get('/v1/audit?limit=3').set(admin).expect(200);
    expect(body.data).toMatchObject([
      { action: 'team.renamed', details: { name: { from: 'North & West', to: 'South' } } },
      { action: 'api_key.revoked', target: { type: 'api_key', id: made.body.id }, details: { name: 'robot' } },
      { action: 'api_key.created', details: { name: 'robot', scopes: ['tasks:read'] } },
    ]);
    expect(text).not.toContain(made.body.key);
  });
});
