import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';

describe('the servers of the suite', () => {
  it('are a UTF-8 Postgres 18 and a Redis', async () => {
    const client = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
    await client.connect();
    const { rows } = await client.query<{ lower: string; server_version: string }>(
      `SELECT lower('Ä'), current_setting('server_version') AS server_version`,
    );
    await client.end();
    expect(rows[0]).toMatchObject({ lower: 'ä', server_version: expect.stringMatching(/^18\./) });

    const redis = new Redis(String(process.env.TEST_REDIS_URL));
    expect(await redis.ping()).toBe('PONG');
    await redis.quit();
  });
});
