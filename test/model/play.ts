import fc from 'fast-check';
import type { Coverage } from './coverage.js';
import type { ModelWorld } from './model-world.js';
import { type Outcome, runHistory } from './run-history.js';
import { history, type History } from './step.js';

export interface Played {
  /** Undefined: nothing was wrong in any history. */
  failure: string | undefined;
  histories: number;
  /** Edits in Salesforce that were committed between our reading and our writing of that very field. */
  unavoidable: number;
}

/**
 * Plays random histories until one goes wrong, and then leaves out of it, as long as `shrinkMs` allows, what it does
 * not need to go wrong. The same seed plays the same histories.
 */
export async function playHistories(
  world: ModelWorld,
  options: { runs: number; seed: number; path?: string; shrinkMs: number; coverage?: Coverage },
): Promise<Played> {
  let unavoidable = 0;
  let histories = 0;
  const property = fc.asyncProperty(history, async (one) => {
    histories += 1;
    const outcome = await play(world, one, options.coverage);
    unavoidable += outcome.unavoidable;
    if (outcome.wrongs.length > 0) throw new Error(outcome.wrongs.join('\n'));
  });
  const { runs: numRuns, seed, path } = options;
  const details = await fc.check(property, { numRuns, seed, path, endOnFailure: true });
  const [failing] = details.counterexample ?? [];
  if (!failing) return { failure: undefined, histories, unavoidable };
  const { smallest, wrongs } = await reduce(world, failing, options.shrinkMs);
  const failure = [
    `seed ${details.seed}, path ${details.counterexamplePath}: ${String(details.errorInstance)}`,
    ...(wrongs.length > 0 ? ['the same with less:', ...wrongs] : []),
    JSON.stringify({ ...smallest, steps: undefined }),
    ...smallest.steps.map((step) => JSON.stringify(step)),
  ].join('\n');
  return { failure, histories, unavoidable };
}

/** A history that throws has gone wrong as well. */
async function play(world: ModelWorld, one: History, coverage?: Coverage): Promise<Outcome> {
  try {
    return await runHistory(world, one, coverage);
  } catch (error) {
    return { wrongs: [error instanceof Error ? (error.stack ?? error.message) : String(error)], unavoidable: 0 };
  }
}

async function reduce(
  world: ModelWorld,
  failing: History,
  ms: number,
): Promise<{ smallest: History; wrongs: string[] }> {
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
  return { smallest, wrongs };
}
