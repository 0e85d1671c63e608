import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RateLimits } from '../../../src/platform/rate-limits/rate-limits.js';
import { bearer, createTestApp, makeTeam, type TestApp, testConfig, type TestTeam } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const LIMIT = { points: 3, durationSeconds: 60 };

describe('limits', () => {
  const config = testConfig('postgres://unused');
  // Two processes with the same Redis.
  const [here, there] = [new RateLimits(config), new RateLimits(config)];
  const all = [here, there];

  // It says once that Redis is away.
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => {
    for (const limits of all) limits.onApplicationShutdown();
  });

  it('hold for all processes together, say when to come back, and are given back', async () => {
    await here.take('sign-in', 'ada@example.com', LIMIT);
    await there.take('sign-in', 'ada@example.com', LIMIT);
    expect(await there.take('sign-in', 'ada@example.com', LIMIT)).toMatchObject({ remaining: 0 });
    for (const limits of all) {
      await expect(limits.take('sign-in', 'ada@example.com', LIMIT)).rejects.toMatchObject({
        code: 'too_many_requests',
        extra: { retryAfterSeconds: expect.any(Number) },
      });
    }
    await expect(here.take('sign-in', 'bo@example.com', LIMIT)).resolves.toMatchObject({ remaining: 2 });
    await expect(here.take('other', 'ada@example.com', LIMIT)).resolves.toMatchObject({ remaining: 2 });
    await there.forget('sign-in', 'ada@example.com');
    await expect(here.take('sign-in', 'ada@example.com', LIMIT)).resolves.toMatchObject({ remaining: 2 });
  });

  it('are off with 0 points', async () => {
    await expect(here.take('off', 'x', { points: 0, durationSeconds: 1 })).resolves.toBeUndefined();
  });

  it('are counted in the process while Redis is away', async () => {
    const alone = new RateLimits(config.with({ REDIS_URL: 'redis://127.0.0.1:1' }));
    for (const remaining of [2, 1, 0]) {
      await expect(alone.take('sign-in', 'x', LIMIT)).resolves.toMatchObject({ remaining });
    }
    await expect(alone.take('sign-in', 'x', LIMIT)).rejects.toMatchObject({ code: 'too_many_requests' });
    await alone.forget('sign-in', 'x');
    await expect(alone.take('sign-in', 'x', LIMIT)).resolves.toMatchObject({ remaining: 2 });
    alone.onApplicationShutdown();
  });
});

describe('requests', () => {
  let database: TestDatabase;
  let test: TestApp;
  let team: TestTeam;

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { RATE_LIMIT_PER_MINUTE: '5', RATE_LIMIT_PUBLIC_PER_MINUTE: '2', TRUSTED_PROXIES: 'loopback' };
    test = await createTestApp({ database, env });
    team = await makeTeam(test, { reps: 1 });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  it('of one user are limited; who sends too many is told when to come back', async () => {
    const me = () => test.http.get('/v1/me').set(bearer(team.admin.key));
    for (const left of [4, 3, 2, 1, 0]) {
      const { headers } = await me().expect(200);
      expect(headers.ratelimit).toMatch(new RegExp(`^"caller";r=${left};t=(60|[1-5]?\\d)$`));
      expect(headers['ratelimit-policy']).toBe('"caller";q=5;w=60');
    }
    const { body, headers } = await me().expect(429);
    expect(body).toMatchObject({ code: 'too_many_requests', status: 429 });
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect(headers.ratelimit).toBe(`"caller";r=0;t=${headers['retry-after']}`);
    await test.http.get('/v1/me').set(bearer(team.reps[0]!.key)).expect(200);
  });

  it('without sign-in are limited by address, as a trusted proxy tells it', async () => {
    const open = (address: string) => test.http.get('/v1/salesforce/callback').set('X-Forwarded-For', address);
    for (let n = 0; n < 2; n++) expect((await open('192.0.2.1')).status).not.toBe(429);
    expect((await open('192.0.2.1')).status).toBe(429);
    expect((await open('192.0.2.2')).status).not.toBe(429);
  });

  it('about health are not counted', async () => {
    for (let n = 0; n < 6; n++) await test.http.get('/health/live').expect(200);
  });
});
