// Plays histories for the process that started this one, in worlds of its own, and ends with it.
import { Coverage, type Hits } from './coverage.js';
import { ModelWorld } from './model-world.js';
import { historyOf, play, reduced } from './play.js';
import type { Outcome } from './run-history.js';
import type { Safeguard } from './safeguards.js';

export type Order =
  | { kind: 'open'; worlds: number; lacking: Safeguard | undefined }
  | { kind: 'play'; world: number; seed: number; index: number }
  | { kind: 'reduce'; world: number; seed: number; index: number; ms: number }
  | { kind: 'close' };

/** What each order is answered with. */
export interface Answers {
  open: null;
  play: Outcome;
  reduce: string;
  close: Hits;
}

let worlds: ModelWorld[] = [];
let coverage = new Coverage();

function worldOf(index: number): ModelWorld {
  const world = worlds[index];
  if (!world) throw new Error(`World ${index} is not open.`);
  return world;
}

async function carryOut(order: Order): Promise<Answers[Order['kind']]> {
  switch (order.kind) {
    case 'open':
      coverage = new Coverage();
      worlds = await Promise.all(Array.from({ length: order.worlds }, () => ModelWorld.create(order.lacking)));
      return null;
    case 'play':
      return play(worldOf(order.world), historyOf(order.seed, order.index), coverage);
    case 'reduce':
      return reduced(worldOf(order.world), historyOf(order.seed, order.index), order.ms);
    case 'close':
      for (const world of worlds.splice(0)) await world.close();
      return coverage.hits;
  }
}

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  carryOut(order).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
