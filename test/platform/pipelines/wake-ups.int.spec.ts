import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { startRedis } from '../../../src/sandbox/servers/redis.js';
import { until } from '../../support/until.js';
import { Gate, REDIS_URL, World } from './demo.js';

describe('wake-ups', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  beforeEach(() => world.reset());
  afterEach(() => world.stopWorkers());
  afterAll(() => world.drop());

  it('loses none of thousands, sent while the lanes are active in two workers', async () => {
    const workers = [await world.start({ role: 'all' }), await world.start({ role: 'all' })];
    const inside = new Set<string>();
    let overlaps = 0;
    for (const { demo } of workers) {
      demo.behave = async (lease) => {
        if (inside.has(lease.lane)) overlaps++;
        inside.add(lease.lane);
        return demo.work(lease).finally(() => inside.delete(lease.lane));
      };
    }
    const changes = Array.from({ length: 4_000 }, (_, index) => index);
    const client = async () => {
      for (let next = changes.pop(); next !== undefined; next = changes.pop()) {
        await workers[next % 2]?.demo.change(`team ${next % 20}`);
      }
    };
    await Promise.all(Array.from({ length: 16 }, client));
    await until(async () => (await world.open()) === 0, 5_000);
    expect(overlaps).toBe(0);
    expect(await world.sql('SELECT done, count(*)::int FROM demo_items GROUP BY done')).toEqual([
      { done: 1, count: 4_000 },
    ]);
  });

  it('is not lost when it comes between the last look and the release', async () => {
    const [holder, other] = [await world.start({ role: 'api' }), await world.start({ role: 'api' })];
    const gate = new Gate();
    holder.demo.behave = async (lease) => {
      const result = await holder.demo.work(lease);
      if (result.kind === 'idle') await gate.pass();
      // A renewal after the look shows a generation that this look knows nothing of.
      await lease.renew();
      return result;
    };
    const run = holder.runner.runLane('demo', 'a');
    await until(() => gate.arrived === 1);
    await other.demo.change('a');
    expect(await other.runner.runLane('demo', 'a')).toBe('busy');
    gate.open();
    expect(await run).toBe('idle');
    expect(await world.open()).toBe(0);
  });

  it('has another id as soon as a consumer has begun, so that an active job hides nothing', async () => {
    const worker = await world.start({ role: 'all' });
    const gate = new Gate();
    worker.demo.behave = async (lease) => {
      const result = await worker.demo.work(lease);
      if (result.kind === 'idle') await gate.pass();
      return result;
    };
    await worker.demo.change('a');
    await until(() => gate.arrived === 1);
    await worker.demo.change('a');
    await until(async () => {
      const [row] = await world.sql<{ generation: string }>(`SELECT generation FROM lanes WHERE lane = 'a'`);
      return Number(row?.generation) >= 2;
    });
    expect(await world.open()).toBe(1);
    gate.open();
    await until(async () => (await world.open()) === 0);
  });

  it('makes one job of a thousand changes while the lane waits', async () => {
    const producer = await world.start({ role: 'api' });
    await producer.transactions.run(async (tx) => {
      for (let i = 0; i < 1_000; i++) producer.wakeUps.wakeAfterCommit(tx, 'demo', 'a');
      return Promise.resolve();
    });
    for (let i = 0; i < 20; i++) await producer.demo.change('a');
    await producer.wakeUps.sent();
    const redis = new Redis(REDIS_URL);
    expect(await redis.lrange(`${world.prefix}:demo:wait`, 0, -1)).toEqual(['a:0']);
    await redis.quit();
    await world.start({ role: 'worker' });
    await until(async () => (await world.open()) === 0);
  });

  it('is not sent by a transaction that rolls back', async () => {
    const worker = await world.start({ role: 'all' });
    const failing = worker.transactions.run((tx) => {
      worker.wakeUps.wakeAfterCommit(tx, 'demo', 'rolled back');
      return Promise.reject(new Error('changed my mind'));
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await worker.demo.change('committed');
    await until(async () => (await world.open()) === 0);
    await worker.wakeUps.sent();
    expect(worker.demo.order).not.toContain('rolled back');
  });

  it('for an earlier time is not hidden behind a later one', async () => {
    const worker = await world.start({ role: 'all' });
    const { wakeUps, demo } = worker;
    await world.sql(`INSERT INTO demo_items (lane) VALUES ('a')`);
    const in_ = (ms: number) => new Date(world.clock.now().getTime() + ms);
    wakeUps.wakeAt('demo', 'a', in_(3_600_000));
    await wakeUps.sent();
    wakeUps.wakeAt('demo', 'a', in_(1));
    await until(async () => (await world.open()) === 0, 3_000);
    expect(demo.order.length).toBeGreaterThan(0);
  });

  it('keeps lanes apart whose names look like ids', async () => {
    const worker = await world.start({ role: 'all' });
    const names = ['a', 'a:0', 'a:at', 'a:at:1', '0', ':', 'a%3A0', 'ünï cödé/..', ''];
    for (const name of names) await worker.demo.change(name);
    await until(async () => (await world.open()) === 0);
    expect(new Set(worker.demo.order)).toEqual(new Set(names));
  });

  it('refuses a pipeline that is not in the catalogue', async () => {
    const { wakeUps } = await world.start({ role: 'api' });
    expect(() => wakeUps.wake('typo', 'a')).toThrow('There is no pipeline "typo" in the catalogue.');
  });

  it('Redis emptied in the middle: the sweeper finishes the work', async () => {
    const worker = await world.start({ role: 'all', definition: { concurrency: 1 } });
    const redis = new Redis(REDIS_URL);
    const gate = new Gate();
    worker.demo.behave = async (lease) => {
      await gate.pass();
      return worker.demo.work(lease);
    };
    for (const lane of ['a', 'b', 'c']) await worker.demo.change(lane);
    await worker.wakeUps.sent();
    await until(() => gate.arrived === 1);
    await redis.flushdb();
    await redis.quit();
    gate.open();
    // The lane that was being worked on ends its work; the others' wake-ups are gone.
    await until(async () => (await world.open()) === 2);
    expect(await worker.sweeper.sweepOnce()).toBe(2);
    await until(async () => (await world.open()) === 0);
  });

  it('Redis down: callers neither wait nor fail; when it is back the sweeper finishes the work', async () => {
    const installDir = join(import.meta.dirname, '..', '..', '..', '.sandbox', 'redis');
    let redis = await startRedis({ installDir });
    const worker = await world.start({ role: 'all', redisUrl: redis.url });
    await worker.demo.change('before');
    await until(async () => (await world.open()) === 0);
    await redis.stop();
    const begun = performance.now();
    for (let i = 0; i < 50; i++) await worker.demo.change(`lane ${i % 5}`);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(await world.open()).toBe(50);
    redis = await startRedis({ installDir, port: redis.port });
    await until(async () => {
      await worker.sweeper.sweepOnce();
      return (await world.open()) === 0;
    });
    await redis.stop();
    const closing = performance.now();
    await worker.close();
    expect(performance.now() - closing).toBeLessThan(1_500);
  });
});
