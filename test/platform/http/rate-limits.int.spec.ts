import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RateLimits } from '../../../src/platform/rate-limits/rate-limits.js';
import { testConfig } from '../../support/app.js';

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
