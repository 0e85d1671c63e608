import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiAnswer, SalesforceCaller } from '../../../src/salesforce/client/salesforce-caller.js';
import { ModelWorld } from '../../model/model-world.js';
import { presentLine, WorkerLine } from '../../model/worker-line.js';
import { becomeQuiet, idleWrites, play, wrongs } from './crash-scenario.js';

/**
 * Where a crash leaves something else behind than at the place before it: a transaction that is undone, with all that
 * was read for it; what is stored as sent and was not; what was written there and nobody here knows of.
 */
const CRASHES = /commits$|^sent committed$|^after a write$/;
/** Where a worker can stand still without holding locks. */
const STANDS = /committed$|^after a write$/;
/** What only the holder of the lane may commit. */
const FENCED = /^(page|first sync|settling|sent|answer) committed$/;

type Call = SalesforceCaller['call'];
type Worker = 0 | 1;
const other = (worker: Worker): Worker => (worker === 0 ? 1 : 0);

describe('15. killed at every step, and run twice at once', () => {
  let world: ModelWorld;
  const call = Object.getOwnPropertyDescriptor(SalesforceCaller.prototype, 'call')?.value as Call;
  const ending: Promise<void>[] = [];

  beforeAll(async () => {
    world = await ModelWorld.create();
    // Each write of a worker is a place, too.
    SalesforceCaller.prototype.call = async function <Body>(...args: Parameters<Call>) {
      const answer = (await call.apply(this, args)) as ApiAnswer<Body>;
      if (args[0].effect === 'write') await presentLine()?.pass('after a write');
      return answer;
    };
  });
  afterAll(async () => {
    SalesforceCaller.prototype.call = call;
    await Promise.all(ending);
    await world.close();
  });

  /** A worker runs, and is killed at a place that `stops` names. */
  async function run(worker: Worker, stops: (place: string) => boolean): Promise<'ended' | 'killed'> {
    const line = new WorkerLine();
    const killedWithTokens = new Promise<void>((resolve) => {
      line.gate = (place) => {
        line.dead = stops(place);
        // The dead process goes on trying to store them for seconds, in its memory only.
        if (line.dead && place === 'before token commits') resolve();
        return Promise.resolve();
      };
    });
    const running = world.run(worker, line);
    ending.push(running);
    await Promise.race([running, killedWithTokens]);
    return line.dead ? 'killed' : 'ended';
  }

  async function expectNothingWrong(what: object): Promise<void> {
    await becomeQuiet(world);
    const found = [...(await wrongs(world)), ...(await idleWrites(world))];
    expect({ ...what, found }).toEqual({ ...what, found: [] });
  }

  it('killed at each commit and each write, one after the other: both sides are equal, row by row', async () => {
    const killed = new Set<string>();
    for (let plays = 0, before = -1; killed.size > before; plays++) {
      before = killed.size;
      const victim: Worker = plays % 2 === 0 ? 0 : 1;
      const now: string[] = [];
      await world.empty();
      await play(world, async (part) => {
        const passed = new Map<string, number>();
        const outcome = await run(victim, (place) => {
          if (!CRASHES.test(place)) return false;
          passed.set(place, (passed.get(place) ?? 0) + 1);
          const step = `${place} (${passed.get(place)}), ${part}`;
          // Once in each part of a play, until none is left at which it was not killed.
          if (killed.has(step)) return false;
          killed.add(step);
          now.push(step);
          return true;
        });
        if (outcome === 'ended') return;
        // Another worker finds it when the lease has run out.
        await world.expireLease();
        world.clock.advance(15_000);
        await run(other(victim), () => false);
      });
      await expectNothingWrong({ killed: now });
    }
    const places = [...killed];
    expect(places).toEqual(
      expect.arrayContaining([
        // Its beginning, three pages, and what was linked before.
        'before first sync commits (5), first sync',
        'before token commits (1), changes',
        'before page commits (1), changes',
        'before sent commits (1), changes',
        'sent committed (1), changes',
        'after a write (1), changes',
        'before answer commits (1), changes',
        // It goes in a call of its own, after the one that carries the other writes.
        'after a write (2), restoration',
      ]),
    );
  }, 240_000);

  it('run twice at once: whoever comes second leaves the lane alone', async () => {
    await world.empty();
    await play(world, async () => {
      await Promise.all([run(0, () => false), run(1, () => false), run(0, () => false), run(1, () => false)]);
    });
    await expectNothingWrong({});
  });

  it('taken over while a worker stands still, at each kind of step: the one that wakes up again spoils nothing', async () => {
    const stood = new Set<string>();
    const spoilt: string[] = [];
    for (let before = -1; stood.size > before;) {
      before = stood.size;
      await world.empty();
      await play(world, async (part) => {
        let stands = false;
        const line = new WorkerLine();
        line.gate = async (place) => {
          const step = `${place}, ${part}`;
          if (stands && FENCED.test(place)) spoilt.push(step);
          if (stands || !STANDS.test(place) || stood.has(step)) return;
          stands = true;
          stood.add(step);
          await world.expireLease();
          await run(1, () => false);
        };
        await world.run(0, line);
        // It may have lost the lane with work left.
        await run(1, () => false);
      });
      await expectNothingWrong({ stood: [...stood] });
    }
    expect(spoilt).toEqual([]);
    expect(stood.size).toBeGreaterThan(10);
  }, 240_000);
});
