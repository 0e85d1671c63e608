import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from '../../../src/platform/metrics/metrics-registry.js';
import { bearer, createTestApp, type TestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { SyncWorld } from '../../support/sync-world.js';
import { parseExposition, type Sample, valueOf } from './exposition.js';

async function scrape({ app, http }: TestApp): Promise<Sample[]> {
  app.get(MetricsRegistry).expire();
  const { text, headers } = await http.get('/metrics').expect(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  return parseExposition(text);
}

describe('the metrics of a syncing team', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1, tasks: 3 });
    await world.enrol();
    await world.sync();
  });
  afterAll(() => world.close());

  it('move with the work', async () => {
    const ORG = 'salesforce-org';
    const quiet = await scrape(world.test);
    expect(valueOf(quiet, 'command_center_due', { pipeline: ORG, work: 'push' })).toBe(0);
    expect(valueOf(quiet, 'command_center_salesforce_orgs', { state: 'connected' })).toBe(1);
    const slices = valueOf(quiet, 'command_center_salesforce_slice_duration_seconds_count', { work: 'pull' }) ?? 0;
    expect(slices).toBeGreaterThan(0);

    const task = await world.createHere({ name: 'Call Vera' });
    world.clock.advance(90_000);
    const busy = await scrape(world.test);
    expect(valueOf(busy, 'command_center_due', { pipeline: ORG, work: 'push' })).toBe(1);
    expect(valueOf(busy, 'command_center_due_oldest_age_seconds', { pipeline: ORG, work: 'push' })).toBe(90);
    expect(valueOf(busy, 'command_center_sync_pull_behind_max_seconds')).toBeGreaterThanOrEqual(90);
    expect(valueOf(busy, 'command_center_sync_pull_behind_seconds_bucket', { le: '60' })).toBe(0);
    expect(valueOf(busy, 'command_center_sync_pull_behind_seconds_bucket', { le: '300' })).toBe(1);

    await world.sync();
    expect((await world.thereOf(task.id)).Subject).toBe('Call Vera');
    const after = await scrape(world.test);
    expect(valueOf(after, 'command_center_due', { pipeline: ORG, work: 'push' })).toBe(0);
    expect(valueOf(after, 'command_center_sync_pull_behind_max_seconds')).toBeLessThan(60);
    expect(valueOf(after, 'command_center_salesforce_slice_duration_seconds_count', { work: 'pull' })).toBeGreaterThan(
      slices,
    );
    expect(
      valueOf(after, 'command_center_salesforce_call_duration_seconds_count', { purpose: 'push' }),
    ).toBeGreaterThan(0);
    expect(valueOf(after, 'command_center_lane_run_duration_seconds_count', { outcome: 'idle' })).toBeGreaterThan(0);
    expect(valueOf(after, 'command_center_salesforce_api_used_ratio_max')).toBeGreaterThan(0);
    expect(
      valueOf(after, 'command_center_http_request_duration_seconds_count', { method: 'POST', route: '/v1/tasks' }),
    ).toBe(1);
  });

  it('hold no ids, and say of each collector that it works', async () => {
    await world.call('GET', '/v1/tasks');
    const samples = await scrape(world.test);
    const labels = new Set(samples.flatMap((sample) => Object.values(sample.labels)));
    for (const label of labels) expect(label).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|00D|@/);
    const up = samples.filter(({ name }) => name === 'command_center_collector_up');
    expect(up.length).toBeGreaterThan(5);
    expect(up.filter(({ value }) => value !== 1)).toEqual([]);
    for (const name of ['command_center_build_info', 'command_center_postgres_pool', 'nodejs_eventloop_lag_seconds']) {
      expect([name, valueOf(samples, name)]).toEqual([name, expect.any(Number)]);
    }
    expect(valueOf(samples, 'command_center_queue_jobs', { queue: 'salesforce-org', state: 'active' })).toBe(0);
  });
});

describe('/metrics', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is for whoever has the token, when there is one', async () => {
    const test = await createTestApp({ database, env: { METRICS_TOKEN: 'scrape-me' } });
    for (const header of [{}, bearer('scrape-m'), bearer('scrape-mee'), { Authorization: 'Basic scrape-me' }]) {
      const { status, body } = await test.http.get('/metrics').set(header);
      expect([status, body.code]).toEqual([401, 'unauthenticated']);
    }
    await test.http.get('/metrics').set(bearer('scrape-me')).expect(200);
    await test.close();
  });

  it('is for this machine otherwise, and not for whom a proxy on it lets through', async () => {
    const test = await createTestApp({ database });
    await test.http.get('/metrics').expect(200);
    const { status, body } = await test.http.get('/metrics').set('X-Forwarded-For', '127.0.0.1');
    expect([status, body.code]).toEqual([403, 'forbidden']);
    await test.close();
  });

  it('is served by a worker too', async () => {
    const test = await createTestApp({ database, env: { ROLE: 'worker' } });
    const samples = await scrape(test);
    expect(valueOf(samples, 'command_center_build_info', { role: 'worker' })).toBe(1);
    await test.close();
  });

  it('survives a collector that fails, and asks again only after a while', async () => {
    const test = await createTestApp({ database });
    const metrics = test.app.get(MetricsRegistry);
    let asked = 0;
    metrics.collector('broken', () => {
      asked += 1;
      throw new Error('no figures today');
    });
    const samples = await scrape(test);
    expect(valueOf(samples, 'command_center_collector_up', { collector: 'broken' })).toBe(0);
    expect(valueOf(samples, 'command_center_collector_up', { collector: 'lanes' })).toBe(1);
    for (let n = 0; n < 5; n++) await test.http.get('/metrics').expect(200);
    expect(asked).toBe(1);
    await test.close();
  });

  it('says so when Redis is away', async () => {
    const test = await createTestApp({ database, env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    const samples = await scrape(test);
    expect(valueOf(samples, 'command_center_collector_up', { collector: 'queue:salesforce-org' })).toBe(0);
    expect(valueOf(samples, 'command_center_collector_up', { collector: 'lanes' })).toBe(1);
    await test.close();
  });
});
