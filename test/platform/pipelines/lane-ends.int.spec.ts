import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LaneEnds } from '../../../src/platform/pipelines/lane-ends.js';
import { until } from '../../support/until.js';
import { Gate, type Worker, World } from './demo.js';

const LANE = { pipeline: 'demo', lane: 'a' };

describe('a lane that is forgotten', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  beforeEach(() => world.reset());
  afterEach(() => world.stopWorkers());
  afterAll(() => world.drop());

  const forget = ({ module, transactions }: Worker, before: () => Promise<unknown> = () => Promise.resolve()) =>
    transactions.run(async (tx) => {
      await module.get(LaneEnds).forget(tx, [LANE]);
      await before();
    });
  const lanes = () => world.sql('SELECT pipeline, lane FROM lanes');
  const waiting = async () =>
    (await world.sql(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`))
      .length;

  it('takes it from its holder, who can commit nothing more, and whose lane has not failed', async () => {
    const worker = await world.start({ role: 'api' });
    const gate = new Gate();
    worker.demo.behave = async (lease) => {
      await gate.pass();
      return worker.transactions.run(async (tx) => {
        await tx.query(`INSERT INTO demo_items (lane) VALUES ('written too late')`);
        await lease.check(tx);
        return { kind: 'worked' };
      });
    };
    const run = worker.runner.runLane('demo', 'a');
    await until(() => gate.arrived === 1);
    await forget(worker);
    gate.open();
    expect(await run).toBe('lost');
    expect(await world.sql('SELECT lane FROM demo_items')).toEqual([]);
    expect(await lanes()).toEqual([]);
  });

  it('is nobody’s failure either when its holder fails before it could notice', async () => {
    const worker = await world.start({ role: 'api' });
    worker.demo.behave = async () => {
      await forget(worker);
      throw new Error('what it worked on is no more');
    };
    expect(await worker.runner.runLane('demo', 'a')).toBe('lost');
    expect(await worker.quiescence.drainAllDue()).toEqual([]);
    expect(await lanes()).toEqual([]);
  });

  it('waits for the transaction that its holder has open', async () => {
    const worker = await world.start({ role: 'api' });
    const gate = new Gate();
    worker.demo.behave = async (lease) =>
      worker.transactions.run(async (tx) => {
        await lease.check(tx);
        await tx.query(`INSERT INTO demo_items (lane) VALUES ('written in time')`);
        await gate.pass();
        return { kind: 'worked' };
      });
    const run = worker.runner.runLane('demo', 'a');
    await until(() => gate.arrived === 1);
    const forgetting = forget(worker);
    await until(async () => (await waiting()) === 1);
    gate.open();
    await forgetting;
    expect(await run).toBe('lost');
    expect(await world.sql('SELECT lane FROM demo_items')).toEqual([{ lane: 'written in time' }]);
  });

  it('is begun by nobody before that is committed, also when it never ran', async () => {
    const [one, two] = [await world.start({ role: 'api' }), await world.start({ role: 'api' })];
    let begun = 0;
    two.demo.behave = () => {
      begun++;
      return Promise.resolve({ kind: 'gone' });
    };
    let run: Promise<unknown> | undefined;
    await forget(one, async () => {
      run = two.runner.runLane('demo', 'a');
      await until(async () => (await waiting()) === 1);
      expect(begun).toBe(0);
    });
    expect(await run).toBe('gone');
    expect(begun).toBe(1);
  });

  it('leaves nothing when a late hint wakes it once more', async () => {
    const worker = await world.start({ role: 'api' });
    worker.demo.behave = () => Promise.resolve({ kind: 'gone' });
    expect(await worker.runner.runLane('demo', 'a')).toBe('gone');
    expect(await lanes()).toEqual([]);
  });

  it('never gives out a token again that an old holder has', async () => {
    const worker = await world.start({ role: 'api' });
    const tokens: string[] = [];
    worker.demo.behave = (lease) => {
      tokens.push(lease.token);
      return Promise.resolve({ kind: 'gone' });
    };
    for (let round = 0; round < 20; round++) await worker.runner.runLane('demo', 'a');
    expect(new Set(tokens).size).toBe(20);
    expect([...tokens].sort()).toEqual(tokens);
  });
});
