import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LaneLease, LeaseLostError } from '../../../src/platform/pipelines/lane-lease.js';
import { until } from '../../support/until.js';
import { Gate, World } from './demo.js';

// Most tests call runLane themselves in processes that have no queue worker: every step is the test's.
describe('lanes', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  beforeEach(() => world.reset());
  afterEach(() => world.stopWorkers());
  afterAll(() => world.drop());

  const expireLease = () => world.sql(`UPDATE lanes SET lease_until = clock_timestamp() - interval '1 second'`);

  it('are never held by two workers at once', async () => {
    const workers = [await world.start({ role: 'api' }), await world.start({ role: 'api' })];
    let inside = 0;
    let most = 0;
    for (const { demo } of workers) {
      demo.batch = 1;
      demo.behave = async (lease) => {
        most = Math.max(most, ++inside);
        return demo.work(lease).finally(() => inside--);
      };
    }
    await world.sql(`INSERT INTO demo_items (lane) SELECT 'a' FROM generate_series(1, 100)`);
    const outcomes = await Promise.all(
      workers.flatMap(({ runner }) => Array.from({ length: 20 }, () => runner.runLane('demo', 'a'))),
    );
    expect(most).toBe(1);
    expect(new Set(outcomes)).toEqual(new Set(['busy', 'idle']));
    expect(await world.open()).toBe(0);
  });

  it('of a killed worker are taken over, and the old holder can write nothing more', async () => {
    const [old, next] = [await world.start({ role: 'api' }), await world.start({ role: 'api' })];
    const gate = new Gate();
    const seen: unknown[] = [];
    old.demo.behave = async (lease) => {
      await gate.pass();
      await lease.renew().catch((error: unknown) => seen.push(error));
      return old.transactions.run(async (tx) => {
        await tx.query(`INSERT INTO demo_items (lane) VALUES ('written by the old holder')`);
        await lease.check(tx);
        return { kind: 'worked' };
      });
    };
    await world.sql(`INSERT INTO demo_items (lane) VALUES ('a')`);
    const oldRun = old.runner.runLane('demo', 'a');
    await until(() => gate.arrived === 1);
    expect(await next.runner.runLane('demo', 'a')).toBe('busy');
    expect(await next.sweeper.sweepOnce()).toBe(0);
    await expireLease();
    expect(await next.sweeper.sleepingLanes('demo')).toEqual(['a']);
    expect(await next.runner.runLane('demo', 'a')).toBe('idle');
    expect(await world.open()).toBe(0);
    gate.open();
    expect(await oldRun).toBe('lost');
    expect(seen).toEqual([expect.any(LeaseLostError)]);
    expect(await world.sql('SELECT DISTINCT lane FROM demo_items')).toEqual([{ lane: 'a' }]);
  });

  it('are not taken over while the old holder has a checked transaction open', async () => {
    const [old, next] = [await world.start({ role: 'api' }), await world.start({ role: 'api' })];
    const gate = new Gate();
    let first = true;
    old.demo.behave = async (lease) => {
      if (!first) return { kind: 'idle' };
      first = false;
      return old.transactions.run(async (tx) => {
        await lease.check(tx);
        await gate.pass();
        // The holder's own renewal does not wait for its own transaction.
        await lease.renew();
        return { kind: 'worked' };
      });
    };
    const oldRun = old.runner.runLane('demo', 'a');
    await until(() => gate.arrived === 1);
    await expireLease();
    // Neither the announcement nor the attempt waits for that transaction.
    expect(await next.runner.runLane('demo', 'a')).toBe('busy');
    gate.open();
    expect(await oldRun).toBe('idle');
    expect(await next.runner.runLane('demo', 'a')).toBe('idle');
  });

  it('cannot be renewed or written to by what a slice left behind', async () => {
    const worker = await world.start({ role: 'api' });
    let left: LaneLease | undefined;
    worker.demo.behave = (lease) => {
      left = lease;
      return Promise.resolve({ kind: 'idle' });
    };
    await worker.runner.runLane('demo', 'a');
    await expect(left?.renew()).rejects.toThrow(LeaseLostError);
    await expect(worker.transactions.run((tx) => left?.check(tx) ?? Promise.resolve())).rejects.toThrow(LeaseLostError);
    expect((await world.lane('a')).leaseUntil).toBeNull();
  });

  it('know how long their lease lasts for sure', async () => {
    const worker = await world.start({ role: 'api', definition: { leaseMs: 5_000 } });
    const remaining: number[] = [];
    worker.demo.behave = async (lease) => {
      remaining.push(lease.remainingMs());
      const before = performance.now();
      await until(() => performance.now() > before);
      await lease.renew();
      remaining.push(lease.remainingMs());
      const [row] = await world.sql<{ ms: number }>(
        'SELECT extract(epoch FROM lease_until - clock_timestamp())::float8 * 1000 AS ms FROM lanes',
      );
      // The database grants at least what the holder believes.
      expect(row?.ms).toBeGreaterThanOrEqual(lease.remainingMs() - 1);
      return { kind: 'idle' };
    };
    await worker.runner.runLane('demo', 'a');
    expect(remaining.every((ms) => ms > 3_000 && ms <= 5_000)).toBe(true);
  });

  it('end although one row always fails: it is put off, then parked, and holds nobody up', async () => {
    const worker = await world.start({ role: 'api' });
    await worker.demo.change('a', { poison: true });
    for (let i = 0; i < 10; i++) await worker.demo.change('a');
    for (let round = 0; round < 4; round++) {
      expect(await worker.quiescence.drainAllDue()).toEqual([]);
      expect(await world.open()).toBe(1);
      world.clock.advance(60_000);
    }
    expect(await world.sql('SELECT parked, attempts FROM demo_items WHERE done = 0')).toEqual([
      { parked: true, attempts: 3 },
    ]);
  });

  it('whose slice always throws rest longer each time, and recover', async () => {
    const worker = await world.start({ role: 'api' });
    await world.sql(`INSERT INTO demo_items (lane) VALUES ('a')`);
    worker.demo.behave = () => Promise.reject(new Error(`the other side is away${'.'.repeat(1_000)}`));
    let slices = 0;
    for (let failures = 1; failures <= 10; failures++) {
      // Woken a hundred times over, it still looks once.
      for (let i = 0; i < 10; i++) await worker.runner.runLane('demo', 'a');
      expect(worker.demo.order.length).toBe(++slices);
      const lane = await world.lane('a');
      const rest = (lane.retryAt?.getTime() ?? 0) - world.clock.now().getTime();
      expect(rest).toBeGreaterThanOrEqual(1_000);
      expect(rest).toBeLessThanOrEqual(Math.min(300_000, 1_000 * 2 ** failures));
      expect(lane).toMatchObject({ failures, leaseUntil: null });
      expect(lane.error).toHaveLength(500);
      expect(await worker.sweeper.sweepOnce()).toBe(0);
      expect(await worker.quiescence.drainAllDue()).toMatchObject([{ pipeline: 'demo', lane: 'a' }]);
      world.clock.advance(rest);
    }
    worker.demo.behave = undefined;
    expect(await worker.sweeper.sweepOnce()).toBe(1);
    expect(await worker.quiescence.drainAllDue()).toEqual([]);
    expect(await world.open()).toBe(0);
    expect(await world.lane('a')).toMatchObject({ failures: 0, retryAt: null, error: null });
  });

  it('that never get empty give their slot to others when their time is over', async () => {
    const worker = await world.start({ role: 'all', definition: { concurrency: 1, drainMs: 20 } });
    let busy = true;
    worker.demo.behave = async (lease) =>
      lease.lane === 'busy' && busy ? Promise.resolve({ kind: 'worked' }) : worker.demo.work(lease);
    await worker.demo.change('busy');
    await until(() => worker.demo.order.includes('busy'));
    await worker.demo.change('other');
    await until(() => worker.demo.order.includes('other'), 2_000);
    // It went on by itself, too.
    const turns = worker.demo.order.length;
    await until(() => worker.demo.order.slice(turns).includes('busy'), 2_000);
    busy = false;
    await until(async () => (await world.open()) === 0);
  });

  it('are looked at again at the time that an idle slice names', async () => {
    const worker = await world.start({ role: 'all' });
    let looks = 0;
    worker.demo.behave = () => {
      looks++;
      // In the past on purpose: it must not spin.
      return Promise.resolve(looks === 1 ? { kind: 'idle', nextAt: new Date(0) } : { kind: 'idle' });
    };
    worker.wakeUps.wake('demo', 'a');
    await until(() => looks === 2, 3_000);
  });

  it('are given back at shutdown after the slice they are in, and another worker goes on', async () => {
    const leaving = await world.start({ role: 'all', definition: { concurrency: 2 } });
    const gate = new Gate();
    let signal: AbortSignal | undefined;
    let finished = 0;
    leaving.demo.batch = 1;
    leaving.demo.behave = async (lease) => {
      signal = lease.signal;
      await gate.pass();
      if (lease.lane === 'aborts') lease.signal.throwIfAborted();
      return leaving.demo.work(lease).finally(() => finished++);
    };
    for (const lane of ['finishes', 'finishes', 'aborts', 'waits']) await leaving.demo.change(lane);
    await until(() => gate.arrived === 2);
    const closing = leaving.close();
    await until(() => signal?.aborted === true);
    gate.open();
    await closing;
    expect(finished).toBeGreaterThan(0);
    expect(await world.sql('SELECT lane FROM lanes WHERE lease_until IS NOT NULL OR failures > 0')).toEqual([]);
    expect(await world.open()).toBeGreaterThan(0);
    const staying = await world.start({ role: 'worker' });
    await until(async () => (await world.open()) === 0);
    expect(new Set(staying.demo.order).has('aborts')).toBe(true);
  });

  it('stop cleanly however soon after the start, also without Redis', async () => {
    for (let i = 0; i < 10; i++) await (await world.start({ role: 'all' })).close();
    for (let i = 0; i < 3; i++) await (await world.start({ role: 'all', redisUrl: 'redis://127.0.0.1:1' })).close();
  });

  it('do not start with a catalogue that does not fit', async () => {
    await expect(world.start({ role: 'api', definition: { name: 'other' } })).rejects.toThrow(
      /"demo", which is not in the catalogue[^]*"other" has no handler/,
    );
  });

  it('are swept by one process at a time, past any number that rest', async () => {
    const [one, two] = [await world.start({ role: 'api' }), await world.start({ role: 'api' })];
    await world.sql(`INSERT INTO demo_items (lane) SELECT 'resting ' || n FROM generate_series(1, 1500) n`);
    await world.sql(`INSERT INTO lanes (pipeline, lane, retry_at) SELECT 'demo', lane, '2040-01-01' FROM demo_items`);
    await world.sql(`INSERT INTO demo_items (lane) VALUES ('behind them')`);
    const gate = new Gate();
    const dueLanes = one.demo.dueLanes.bind(one.demo);
    one.demo.dueLanes = async (now, limit) => {
      await gate.pass();
      return dueLanes(now, limit);
    };
    const first = one.sweeper.sweepOnce();
    await until(() => gate.arrived === 1);
    expect(await two.sweeper.sweepOnce()).toBe(0);
    gate.open();
    expect(await first).toBe(1);
    expect(await two.sweeper.sweepOnce()).toBe(1);
  });

  it('quiet: a test that waits for the end of work that never ends is told which', async () => {
    const worker = await world.start({ role: 'api' });
    await world.sql(`INSERT INTO demo_items (lane) VALUES ('a')`);
    worker.demo.behave = () => Promise.resolve({ kind: 'idle' });
    await expect(worker.quiescence.drainAllDue(50)).rejects.toThrow('Still not quiet after 50 ms: demo / a');
  });
});
