import type { ModelWorld } from './model-world.js';
import type { FaultName } from './step.js';

const WRITES = { path: '/composite(/sobjects)?(\\?.*)?$|Soap' };
const READS = { path: '/query|/composite/sobjects/Task' };

const ARMED: Record<Exclude<FaultName, 'none'>, { match: object; effect: object; times: number | null }> = {
  'cut before': { match: WRITES, effect: { cut: 'before' }, times: 1 },
  'cut after': { match: WRITES, effect: { cut: 'after' }, times: 1 },
  'cut answer': { match: WRITES, effect: { cut: 'during' }, times: 1 },
  // Never answered and not carried out yet: the history does that later.
  'commits late': { match: WRITES, effect: { cut: 'before' }, times: 1 },
  unavailable: { match: {}, effect: { status: 503 }, times: 2 },
  'locked rows': { match: WRITES, effect: { rows: { every: 1, timesEach: 1 } }, times: null },
  busy: { match: {}, effect: { limit: 'concurrent' }, times: 1 },
  'session ended': { match: {}, effect: { expireSession: true }, times: 1 },
  unread: { match: READS, effect: { cut: 'during' }, times: 4 },
};

/** Arms a fault of the org; the result disarms it and says whether it struck. */
export async function armFault(world: ModelWorld, name: FaultName, skip: number): Promise<() => Promise<boolean>> {
  if (name === 'none') return () => Promise.resolve(false);
  await world.control('POST', 'faults', { ...ARMED[name], skip });
  return async () => {
    const { body } = await world.control<{ struck: number }[]>('GET', 'faults');
    await world.control('DELETE', 'faults');
    return body.some(({ struck }) => struck > 0);
  };
}
