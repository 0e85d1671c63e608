import { expiredBy, type HourOfCalls } from './budget.js';

const HOUR_MS = 3_600_000;
const WINDOW_HOURS = 24;
const STEP_MS = 5 * 60_000;

export interface ForecastInput {
  /** The org's calls of the 24 hours before `seenAt`, by everybody. */
  used: number;
  seenAt: Date;
  /** Our own calls, by hour. */
  ownHours: readonly HourOfCalls[];
  now: Date;
}

/** Our calls an hour at present: this hour's, and what of the last one is less than 60 minutes ago. */
export function presentRate(ownHours: readonly HourOfCalls[], now: Date): number {
  const thisHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const passed = (now.getTime() - thisHour) / HOUR_MS;
  const callsOf = (hour: number): number => ownHours.find((one) => one.hour.getTime() === hour)?.calls ?? 0;
  return Math.round(callsOf(thisHour) + callsOf(thisHour - HOUR_MS) * (1 - passed));
}

/** When `mark` is met if we go on at the present rate and others as they did; null: not within a day. */
export function meetsAt(input: ForecastInput, mark: number): Date | null {
  const { used, ownHours, now } = input;
  if (used >= mark) return now;
  const rate = presentRate(ownHours, now);
  let before = used;
  for (let hours = 1; hours <= WINDOW_HOURS; hours++) {
    const then = new Date(now.getTime() + hours * HOUR_MS);
    const after = used + rate * hours - expiredBy(ownHours, then);
    if (after >= mark) {
      const part = (mark - before) / (after - before);
      return new Date(now.getTime() + (hours - 1 + part) * HOUR_MS);
    }
    before = after;
  }
  return null;
}

/**
 * When the usage is below `mark` if nobody calls: our calls leave the window when their hour does. Those of others,
 * whose hours nobody tells us, stay for the whole day, or leave as if they had come evenly.
 */
export function freesAt(input: ForecastInput, mark: number, others: 'stay' | 'leave evenly'): Date {
  const { used, seenAt, ownHours, now } = input;
  if (used < mark) return now;
  const inWindow = ownHours.filter(({ hour }) => hour.getTime() > seenAt.getTime() - WINDOW_HOURS * HOUR_MS);
  const own = Math.min(
    used,
    inWindow.reduce((sum, { calls }) => sum + calls, 0),
  );
  const last = seenAt.getTime() + WINDOW_HOURS * HOUR_MS;
  const leaving = others === 'stay' ? 0 : used - own;
  for (let at = seenAt.getTime() + STEP_MS; at < last; at += STEP_MS) {
    const elapsed = (at - seenAt.getTime()) / (WINDOW_HOURS * HOUR_MS);
    const left = used - Math.min(own, expiredBy(inWindow, new Date(at))) - leaving * elapsed;
    if (left < mark) return new Date(at);
  }
  return new Date(last);
}
