import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp } from '../../support/app.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('health', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('is live and ready', async () => {
    const test = await createTestApp({ database });
    await test.http.get('/health/live').expect(200, { status: 'ok' });
    await test.http.get('/health/ready').expect(200, { status: 'ok' });
    await test.close();
  });

  it('is not ready without Redis, and says so', async () => {
    const test = await createTestApp({ database, env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    const { status, body } = await test.http.get('/health/ready');
    expect([status, body.code, body.errors]).toEqual([
      503,
      'unavailable',
      [{ field: 'redis', message: 'does not answer' }],
    ]);
    await test.http.get('/health/live').expect(200);
    await test.close();
  });

  it('is not ready before the migrations are applied', async () => {
    const empty = await createEmptyDatabase();
    const test = await createTestApp({ database: empty });
    const { status, body } = await test.http.get('/health/ready');
    expect([status, body.detail]).toEqual([503, 'Not ready: migrations are not all applied.']);
    await test.close();
    await empty.drop();
  });

  it('is all that a worker serves', async () => {
    const test = await createTestApp({ database, env: { ROLE: 'worker' } });
    await test.http.get('/health/ready').expect(200);
    for (const path of ['/v1/me', '/docs', '/openapi.json', '/healthy']) await test.http.get(path).expect(404);
    await test.close();
  });
});
