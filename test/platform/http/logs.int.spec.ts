import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Logger as PinoLogger } from 'nestjs-pino';
import { Clock } from '../../../src/platform/clock/clock.js';
import { scrub, scrubUrl } from '../../../src/platform/logging/scrub.js';
import { bearer, createTestApp, makeTeam, type TestApp } from '../../support/app.js';
import { takeFaults } from '../../support/api-contract/faults.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('the log', () => {
  let database: TestDatabase;
  let test: TestApp;
  const lines: string[] = [];
  const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database, logs: { write: (line) => void lines.push(line) } });
    test.app.useLogger(test.app.get(PinoLogger));
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  it('has a line for each answer, with the request and who called', async () => {
    const team = await makeTeam(test, { reps: 0 });
    const { headers } = await test.http.get('/v1/me').set(bearer(team.admin.key)).expect(200);
    const line = parsed().find(({ request_id: id }) => id === headers['x-request-id']);
    expect(line).toMatchObject({
      level: 'info',
      msg: 'GET /v1/me 200',
      team_id: team.teamId,
      actor: `user:${team.admin.userId}`,
    });
  });

  it('has a line also for what never reached a route', async () => {
    lines.length = 0;
    await test.http.post('/v1/users').set('Content-Type', 'application/json').send('{');
    expect(parsed().map(({ msg }) => msg)).toContain('POST /v1/users 400');
  });

  it('has the cause of a failure of ours, which the caller is not told', async () => {
    const clock = test.app.get(Clock);
    const team = await makeTeam(test, { reps: 0 });
    lines.length = 0;
    clock.now = () => {
      throw new Error('the cuckoo is broken');
    };
    const answer = await test.http.get('/v1/me').set(bearer(team.admin.key)).expect(500);
    Reflect.deleteProperty(clock, 'now');
    expect(takeFaults()).toEqual([expect.stringContaining('GET /v1/me → 500')]);
    expect(JSON.stringify(answer.body)).not.toContain('cuckoo');
    const line = parsed().find(({ err }) => err !== undefined);
    expect(line).toMatchObject({ level: 'error', err: { message: 'the cuckoo is broken' } });
  });

  it('has nothing of a sign-in: no body, no header, no cookie, whatever becomes of it', async () => {
    lines.length = 0;
    const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl`;
    const body = {
      email: 'ada@example.com',
      password: 'pass-phrase-1',
      new_password: 'pass-phrase-2',
      token: 'link-tok',
    };
    for (const path of ['/v1/session', '/v1/password', '/v1/api-keys', '/v1/nothing']) {
      await test.http
        .post(path)
        .set({ Cookie: 'cc_session=crumbs-1', Authorization: 'Bearer crumbs-2', 'Idempotency-Key': 'crumbs-3' })
        .send(body);
    }
    const logger = new Logger('Test');
    logger.warn(
      { body, headers: { 'set-cookie': ['cc_session=crumbs-4; HttpOnly'], 'idempotency-key': 'crumbs-5' } },
      'odd',
    );
    logger.warn(`Cookie: __Host-cc_session=crumbs-6; assertion ${jwt}`);
    const text = lines.join('');
    expect(lines.length).toBeGreaterThanOrEqual(6);
    expect(text).toContain('ada@example.com');
    for (const hidden of ['pass-phrase', 'link-tok', 'crumbs', jwt]) {
      expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
    }
  });

  it('has no secrets', async () => {
    const team = await makeTeam(test, { reps: 1 });
    lines.length = 0;
    const key = team.admin.key;
    await test.http
      .get(`/v1/nothing?code=oauth-code&state=oauth-state&access_token=tok&key=${key}&limit=5`)
      .set(bearer(key));
    await test.http.post('/v1/api-keys').set(bearer(key)).set('Cookie', 'session=crumb').send({ name: 'n' });
    await test.http.get('/v1/me').set(bearer(`${key}x`));
    const logger = new Logger('Test');
    logger.warn({ refresh_token: 'refresh-me', request: { headers: { authorization: 'hidden-header' } } }, 'odd');
    const failure = Object.assign(new Error(`Postgres postgres://u:pass-word@h/db said no to Bearer ${key}`), {
      parameters: ['sealed-parameter'],
    });
    logger.error({ err: failure }, `00D000000000001!session-id of ${key}`);
    const text = lines.join('');
    expect(lines.length).toBeGreaterThanOrEqual(5);
    expect(text).toContain('limit=5');
    const secret = key.split('_').slice(2).join('_');
    for (const hidden of [
      'oauth-code',
      'oauth-state',
      'tok&',
      'crumb',
      'refresh-me',
      'pass-word',
      'session-id',
      secret,
    ]) {
      expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
    }
    for (const hidden of ['sealed-parameter', 'hidden-header']) expect(text).not.toContain(hidden);
  });
});

describe('scrubbing', () => {
  it('leaves ordinary text alone', () => {
    const text = 'GET /v1/tasks?view=overdue took 3 ms; see https://example.com:8080/x';
    expect(scrub(text)).toBe(text);
    expect(scrubUrl('/v1/tasks?view=overdue&after=abc')).toBe('/v1/tasks?view=overdue&after=abc');
  });
});
