import type { ChannelLimits } from '../../command-center/senders/channel-values.js';
import type { PaceReason } from '../../command-center/senders/delivery-channel-pace.entity.js';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** The emails that were begun within a rolling window: the newest, at most as many as its limit. */
export interface WindowSent {
  begun: number;
  /** When the first of these was begun. */
  oldest: Date | null;
}

/** What was begun by a channel until now, as far as its limits ask. It is read from the attempts, so no restart forgets it. */
export interface Sent {
  second: WindowSent;
  minute: WindowSent;
  day: WindowSent;
  /** Since the channel last rested for `batchWaitSeconds`; at most `batchSize`. */
  inBatch: number;
  newest: Date | null;
}

export interface Allowance {
  /** So many emails may be begun now. */
  now: number;
  /** When `now` is 0: not before this time, and why. */
  notBefore: Date | null;
  waitingFor: Exclude<PaceReason, 'server'> | null;
}

/** What one limit leaves: `room` emails now, or none before `until`. */
interface Room {
  reason: Exclude<PaceReason, 'server'>;
  room: number;
  until: Date | null;
}

/** Pure: how many emails, at most `most`, a channel may begin now; if none, the moment when all its limits let one pass. */
export function allowance(
  limits: ChannelLimits,
  sent: Sent,
  now: Date,
  gapUntil: Date | null,
  most: number,
): Allowance {
  const rooms = [
    ...windowRoom('per_second', limits.perSecond, sent.second, SECOND_MS),
    ...windowRoom('per_minute', limits.perMinute, sent.minute, MINUTE_MS),
    ...windowRoom('per_day', limits.perDay, sent.day, DAY_MS),
    ...batchRoom(limits, sent, now),
    ...gapRoom(limits, sent, now, gapUntil),
  ];
  let last: Room | undefined;
  for (const room of rooms) {
    if (room.until !== null && (last?.until == null || room.until > last.until)) last = room;
  }
  if (last) return { now: 0, notBefore: last.until, waitingFor: last.reason };
  return { now: Math.min(most, ...rooms.map(({ room }) => room)), notBefore: null, waitingFor: null };
}

/** Pure: until when nothing follows an email that was begun at `at`; null: there is no gap. `random` is in [0, 1). */
export function gapAfter({ gapMinMs, gapMaxMs }: ChannelLimits, at: Date, random: number): Date | null {
  if (gapMinMs === null || gapMaxMs === null) return null;
  return after(at, gapMinMs + Math.floor(random * (gapMaxMs - gapMinMs + 1)));
}

/** What a channel has begun in the last minute to one domain of recipients. */
export interface DomainSent {
  domain: string;
  begun: number;
  /** When the first of the newest was begun, as many as the limit. */
  oldest: Date;
}

/** Pure: the domains that nothing may go to now, and the moment when the first of them takes an email again. */
export function fullDomains(
  { perDomainPerMinute }: ChannelLimits,
  sent: readonly DomainSent[],
): { domains: string[]; notBefore: Date | null } {
  const full = sent.filter(({ begun }) => perDomainPerMinute !== null && begun >= perDomainPerMinute);
  const opens = full.map(({ oldest }) => after(oldest, MINUTE_MS)).sort((a, b) => a.getTime() - b.getTime());
  return { domains: full.map(({ domain }) => domain), notBefore: opens[0] ?? null };
}

/** Pure: which of the emails to these domains may be begun now, in their order. */
export function withinDomains<T extends { domain: string }>(
  { perDomainPerMinute }: ChannelLimits,
  sent: readonly DomainSent[],
  emails: readonly T[],
): T[] {
  if (perDomainPerMinute === null) return [...emails];
  const begun = new Map(sent.map((one) => [one.domain, one.begun]));
  return emails.filter(({ domain }) => {
    const count = begun.get(domain) ?? 0;
    begun.set(domain, count + 1);
    return count < perDomainPerMinute;
  });
}

/** The window is half open: what was begun exactly its length ago is no longer in it. */
function windowRoom(reason: Room['reason'], limit: number | null, { begun, oldest }: WindowSent, ms: number): Room[] {
  if (limit === null) return [];
  if (begun < limit || oldest === null) return [{ reason, room: limit - begun, until: null }];
  return [{ reason, room: 0, until: after(oldest, ms) }];
}

function batchRoom({ batchSize, batchWaitSeconds }: ChannelLimits, { inBatch, newest }: Sent, now: Date): Room[] {
  if (batchSize === null || batchWaitSeconds === null) return [];
  const rested = newest === null ? now : after(newest, batchWaitSeconds * SECOND_MS);
  if (rested <= now) return [{ reason: 'batch', room: batchSize, until: null }];
  if (inBatch < batchSize) return [{ reason: 'batch', room: batchSize - inBatch, until: null }];
  return [{ reason: 'batch', room: 0, until: rested }];
}

/** With a gap emails go one by one. One that was drawn before its limits were lowered is no longer than they allow now. */
function gapRoom({ gapMaxMs }: ChannelLimits, { newest }: Sent, now: Date, gapUntil: Date | null): Room[] {
  if (gapMaxMs === null) return [];
  const longest = newest === null ? null : after(newest, gapMaxMs);
  const until = gapUntil !== null && longest !== null && longest < gapUntil ? longest : gapUntil;
  return until !== null && until > now
    ? [{ reason: 'gap', room: 0, until }]
    : [{ reason: 'gap', room: 1, until: null }];
}

function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
