import fc from 'fast-check';
import type { Coverage } from './coverage.js';
import type { ModelWorld } from './model-world.js';
import { type Outcome, runHistory } from './run-history.js';
import { history, type History } from './step.js';

const SEEDS_APART = 1_000_003;

/** The history of that number: the same seed has the same histories, whoever plays them, and in whatever order. */
export function historyOf(seed: number, index: number): History {
  // Without bias: fast-check would take the first ones for small and plain.
  const [one] = fc.sample(fc.noBias(history), { seed: (seed * SEEDS_APART + index) | 0, numRuns: 1 });
  if (!one) throw new Error(`There is no history ${index} of seed ${seed}.`);
  return one;
}

/** Plays a history; one that throws has gone wrong as well. */
export async function play(world: ModelWorld, one: History, coverage?: Coverage): Promise<Outcome> {
  try {
    return await runHistory(world, one, coverage);
  } catch (error) {
    return { wrongs: [error instanceof Error ? (error.stack ?? error.message) : String(error)], unavoidable: 0 };
  }
}

/** Leaves out of a history, as long as `ms` allows, what it does not need to go wrong; tells what is left, a step a line. */
export async function reduced(world: ModelWorld, failing: History, ms: number): Promise<string> {
  const until = performance.now() + ms;
  let smallest = failing;
  let wrongs: string[] = [];
  for (let size = Math.ceil(failing.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.steps.length && performance.now() < until;) {
      const steps = smallest.steps.toSpliced(at, size);
      const outcome = await play(world, { ...smallest, steps });
      if (outcome.wrongs.length === 0) at += size;
      else [smallest, wrongs] = [{ ...smallest, steps }, outcome.wrongs];
    }
  }
  return [
    ...(wrongs.length > 0 ? ['the same with less:', ...wrongs] : ['it needs all of its steps, or luck:']),
    JSON.stringify({ ...smallest, steps: undefined }),
    ...smallest.steps.map((step) => JSON.stringify(step)),
  ].join('\n');
}
