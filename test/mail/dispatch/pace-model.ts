import type { ChannelLimits } from '../../../src/command-center/senders/channel-values.js';
import { DAY_MS, MINUTE_MS, SECOND_MS, type Sent } from '../../../src/mail/dispatch/pace.js';

export const UNLIMITED: ChannelLimits = {
  connections: 5,
  perSecond: null,
  perMinute: null,
  perDomainPerMinute: null,
  batchSize: null,
  batchWaitSeconds: null,
  perDay: null,
  gapMinMs: null,
  gapMaxMs: null,
};

/** What the read of the attempts answers, from all of their times in order, the slow and plain way. */
export function sentOf(times: readonly number[], limits: ChannelLimits, now: number): Sent {
  const windowOf = (ms: number, limit: number | null) => {
    const newest = limit === null ? [] : times.filter((at) => at > now - ms).slice(-limit);
    return { begun: newest.length, oldest: newest[0] === undefined ? null : new Date(newest[0]) };
  };
  const last = times.at(-1);
  return {
    second: windowOf(SECOND_MS, limits.perSecond),
    minute: windowOf(MINUTE_MS, limits.perMinute),
    day: windowOf(DAY_MS, limits.perDay),
    inBatch: inBatch(times, limits),
    newest: last === undefined ? null : new Date(last),
  };
}

function inBatch(times: readonly number[], { batchSize, batchWaitSeconds }: ChannelLimits): number {
  if (batchSize === null || batchWaitSeconds === null) return 0;
  let count = 0;
  for (let nth = times.length - 1; nth >= 0 && count < batchSize; nth--) {
    count++;
    const rest = (times[nth] ?? 0) - (times[nth - 1] ?? -Infinity);
    if (rest >= batchWaitSeconds * SECOND_MS) break;
  }
  return count;
}
