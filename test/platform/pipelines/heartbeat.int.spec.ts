import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LaneLease, LeaseLostError } from '../../../src/platform/pipelines/lane-lease.js';
import { until } from '../../support/until.js';
import { Gate, World } from './demo.js';

// The heartbeat goes by the machine's time, so these leases are short.
describe('the heartbeat', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  beforeEach(() => world.reset());
  afterEach(() => world.stopWorkers());
  afterAll(() => world.drop());

  const start = (leaseMs: number) => world.start({ role: 'api', definition: { leaseMs } });
  const passed = (ms: number) => {
    const begin = performance.now();
    return until(() => performance.now() - begin > ms);
  };
  const isHeld = async () =>
    (await world.sql('SELECT 1 FROM lanes WHERE lease_until > clock_timestamp()')).length === 1;

  /** Nobody can renew while this runs: the row is locked, as if the database did not answer. */
  const withholding = (work: () => Promise<void>) =>
    world.database.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM lanes FOR UPDATE');
      await work();
    });

  it('keeps the lease of a slice that is longer than it', async () => {
    const [one, two] = [await start(400), await start(400)];
    const outcomes: string[] = [];
    one.demo.behave = async (lease) => {
      for (let i = 0; i < 12; i++) {
        await passed(100);
        outcomes.push(await two.runner.runLane('demo', 'a'));
      }
      expect(lease.lost.aborted).toBe(false);
      one.demo.behave = undefined;
      return { kind: 'worked' };
    };
    expect(await one.runner.runLane('demo', 'a')).toBe('idle');
    expect(new Set(outcomes)).toEqual(new Set(['busy']));
    expect(two.demo.order).toEqual([]);
  });

  it('ends with the lane: nothing renews a lease that was given back', async () => {
    const worker = await start(200);
    let kept: LaneLease | undefined;
    worker.demo.behave = (lease) => {
      kept = lease;
      return Promise.resolve({ kind: 'idle' });
    };
    expect(await worker.runner.runLane('demo', 'a')).toBe('idle');
    await passed(300);
    expect(await world.lane('a')).toMatchObject({ leaseUntil: null });
    // Not lost either: nobody watches it any more.
    expect(kept?.lost.aborted).toBe(false);
  });

  it('that cannot renew says so before the lease ends, and another goes on then', async () => {
    const [stalled, next] = [await start(1_000), await start(1_000)];
    const gate = new Gate();
    let heldWhenLost = false;
    const refused: unknown[] = [];
    stalled.demo.behave = async (lease) => {
      const lost = new Promise((resolve) => lease.lost.addEventListener('abort', resolve, { once: true }));
      await withholding(async () => {
        await lost;
        heldWhenLost = await isHeld();
      });
      await lease.renew().catch((error: unknown) => refused.push(error));
      await gate.pass();
      return stalled.transactions.run(async (tx) => {
        await tx.query(`INSERT INTO demo_items (lane) VALUES ('written by the old holder')`);
        await lease.check(tx);
        return { kind: 'worked' };
      });
    };
    const run = stalled.runner.runLane('demo', 'a');
    await until(() => gate.arrived === 1);
    expect(heldWhenLost).toBe(true);
    expect(refused).toEqual([expect.any(LeaseLostError)]);
    await until(async () => (await next.runner.runLane('demo', 'a')) === 'idle');
    gate.open();
    expect(await run).toBe('lost');
    expect(await world.sql('SELECT lane FROM demo_items')).toEqual([]);
    expect(await world.lane('a')).toMatchObject({ failures: 0, retryAt: null });
  });

  it('finds out when somebody else holds the lane, and a failure after that is not the lane’s', async () => {
    const worker = await start(300);
    worker.demo.behave = async (lease) => {
      await world.sql('UPDATE lanes SET token = token + 1');
      await until(() => lease.lost.aborted);
      throw new Error('a call was cut off');
    };
    expect(await worker.runner.runLane('demo', 'a')).toBe('lost');
    expect(await world.lane('a')).toMatchObject({ failures: 0, retryAt: null });
  });

  it('survives a database that refuses for a moment', async () => {
    const worker = await start(900);
    worker.demo.behave = async (lease) => {
      await withholding(() => passed(500));
      await passed(900);
      expect(lease.lost.aborted).toBe(false);
      return { kind: 'idle' };
    };
    expect(await worker.runner.runLane('demo', 'a')).toBe('idle');
  });

  it('keeps a call that lasts, as long as it says that it goes on', async () => {
    const [worker, other] = [await start(250), await start(250)];
    const outcomes: string[] = [];
    worker.demo.behave = async (lease) => {
      for (let i = 0; i < 60; i++) {
        await passed(100);
        lease.stillWorking();
        outcomes.push(await other.runner.runLane('demo', 'a'));
      }
      expect(lease.lost.aborted).toBe(false);
      worker.demo.behave = undefined;
      return { kind: 'idle' };
    };
    expect(await worker.runner.runLane('demo', 'a')).toBe('idle');
    expect(new Set(outcomes)).toEqual(new Set(['busy']));
  });

  it('lets go of work that hangs', async () => {
    const [hanging, next] = [await start(100), await start(100)];
    hanging.demo.behave = async (lease) => {
      await until(() => lease.lost.aborted);
      await until(async () => (await next.runner.runLane('demo', 'a')) === 'idle');
      return { kind: 'idle' };
    };
    const began = performance.now();
    expect(await hanging.runner.runLane('demo', 'a')).toBe('lost');
    expect(performance.now() - began).toBeGreaterThan(2_000);
  });
});
