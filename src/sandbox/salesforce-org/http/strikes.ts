import type { Strike } from '../faults.js';
import type { Org } from '../org.js';
import { json } from './response.js';
import type { HttpResponse } from './response.js';

/** The connection is to be cut without an answer. */
export class Cut extends Error {}

/** What faults do before the work: wait, cut, or answer in its place. */
export async function applyBefore(org: Org, strikes: Strike[]): Promise<HttpResponse | undefined> {
  const latency = strikes.reduce((sum, s) => sum + (s.effect.latencyMs ?? 0), 0);
  if (latency > 0) await org.latencies.hold(latency);
  if (strikes.some((s) => s.effect.cut === 'before')) throw new Cut();
  for (const { effect } of strikes) {
    if (effect.error) {
      const { status, errorCode, message } = effect.error;
      return json(status, [{ message, errorCode }], { 'Sforce-Limit-Info': org.usage.header() });
    }
    if (effect.status !== undefined) {
      const message = effect.status === 503 ? 'The server is unavailable' : 'The server could not answer';
      return json(effect.status, [
        { message, errorCode: effect.status === 503 ? 'SERVER_UNAVAILABLE' : 'UNKNOWN_EXCEPTION' },
      ]);
    }
  }
  return undefined;
}
