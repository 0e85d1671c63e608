import { type HourOfCalls, marksOf, probesOf, roomOf, type Shares } from './budget.js';
import { freesAt } from './forecast.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Not oftener, whatever is expected. */
export const PROBE_MS = 15 * MINUTE_MS;
/** When others took the org past the ceiling. */
const SOONEST_PAST_MS = 60 * MINUTE_MS;
const LATEST_PAST_MS = 4 * 60 * MINUTE_MS;

export interface ProbeInput {
  used: number;
  limit: number;
  seenAt: Date;
  shares: Shares;
  ownHours: readonly HourOfCalls[];
  lastProbeAt: Date | undefined;
  now: Date;
}

/**
 * When one call may be made to learn whether the window has freed, while work is parked and nothing else tells.
 *
 * Below the ceiling a part is kept for that, spread over a day, so that probes alone never reach the ceiling; and one
 * as soon as enough of our own calls must have left. At the ceiling, only then. Past it, where only others can have
 * taken it: seldom, as else nobody would ever know.
 */
export function probeAt({ used, limit, seenAt, shares, ownHours, lastProbeAt, now }: ProbeInput): Date {
  const marks = marksOf(limit, shares);
  const since = Math.max(seenAt.getTime(), lastProbeAt?.getTime() ?? 0);
  const input = { used, seenAt, ownHours, now };
  if (used > marks.ceiling) {
    const expected = freesAt(input, marks.ceiling, 'leave evenly').getTime() - seenAt.getTime();
    return new Date(since + Math.min(Math.max(expected, SOONEST_PAST_MS), LATEST_PAST_MS));
  }
  const parkedAt = used + 1 > marks.people ? marks.people : marks.rest;
  const target = used < marks.ceiling ? parkedAt - roomOf(limit, parkedAt) : marks.ceiling;
  const certain = Math.max(since + PROBE_MS, freesAt(input, target, 'stay').getTime());
  if (used >= marks.ceiling) return new Date(certain);
  return new Date(Math.min(certain, since + Math.max(PROBE_MS, DAY_MS / probesOf(limit))));
}
