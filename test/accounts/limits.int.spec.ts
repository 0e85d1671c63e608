import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RateLimits } from '../../src/platform/rate-limits/rate-limits.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let test: TestApp;
let team: TestTeam;

beforeAll(async () => {
  database = await createTestDatabase();
  test = await createTestApp({ database, env: { TRUSTED_PROXIES: 'loopback' } });
  team = await makeTeam(test);
});
afterAll(async () => {
  await test.close();
  await database.drop();
});

const from = (ip: string) => ({ 'X-Forwarded-For': ip });

describe('what a guesser would try is limited', () => {
  it('keys that open nothing: 300 from one address; who has a right one goes on', async () => {
    const me = (key: string, ip = '203.0.113.7') => test.http.get('/v1/me').set({ ...bearer(key), ...from(ip) });
    const guess = `${team.admin.key.slice(0, -4)}aaaa`;
    for (let n = 0; n < 300; n += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => me(guess)));
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(401));
    }
    const refused = await me(guess);
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await me(team.admin.key)).status).toBe(200);
    expect((await me(guess, '203.0.113.8')).status).toBe(401);
  });

  it('links for a new password: 5 an hour for an address, whether somebody has it or not', async () => {
    for (const email of ['ada@example.com', 'nobody@example.com']) {
      const ask = (ip: string) => test.http.post('/v1/password-reset').set(from(ip)).send({ email });
      for (let n = 1; n <= 5; n++) expect((await ask(`203.0.113.${n}`)).status).toBe(202);
      expect((await ask('203.0.113.6')).status).toBe(429);
    }
  });

  it('links for a new password: 30 an hour from one address', async () => {
    const ask = (n: number) =>
      test.http
        .post('/v1/password-reset')
        .set(from('198.51.100.1'))
        .send({ email: `${n}@example.com` });
    for (let n = 1; n <= 30; n++) expect((await ask(n)).status).toBe(202);
    expect((await ask(31)).status).toBe(429);
  });

  it('a point that is given back can be used again', async () => {
    const limits = test.app.get(RateLimits);
    const limit = { points: 2, durationSeconds: 60 };
    for (let n = 0; n < 6; n++) {
      await limits.take('office', 'x', limit);
      await limits.giveBack('office', 'x', limit);
    }
    await limits.take('office', 'x', limit);
    await limits.take('office', 'x', limit);
    await expect(limits.take('office', 'x', limit)).rejects.toMatchObject({ code: 'too_many_requests' });
  });
});
