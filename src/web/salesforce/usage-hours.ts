export interface HourOfCalls {
  /** As a clock shows it, in the browser's time zone. */
  hour: string;
  calls: number;
}

const HOUR_MS = 3_600_000;

/** Pure: calls summed over their purposes, one entry for each of the last hours, oldest first. */
export function byHour(calls: readonly { hour: string; calls: number }[], hours: number, now: Date): HourOfCalls[] {
  const sums = new Map<number, number>();
  for (const { hour, calls: n } of calls) {
    const at = Math.floor(Date.parse(hour) / HOUR_MS);
    sums.set(at, (sums.get(at) ?? 0) + n);
  }
  const last = Math.floor(now.getTime() / HOUR_MS);
  return Array.from({ length: hours }, (_, index) => {
    const at = last - hours + 1 + index;
    const hour = new Date(at * HOUR_MS).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    return { hour, calls: sums.get(at) ?? 0 };
  });
}
