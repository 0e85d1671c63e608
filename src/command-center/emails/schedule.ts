import { Temporal } from 'temporal-polyfill';

/** The time on a wall clock. */
export interface WallTime {
  /** YYYY-MM-DD */
  date: string;
  /** HH:MM */
  time: string;
  /** IANA name */
  timeZone: string;
}

/**
 * The instant of a time on a wall clock. In the hour that a clock skips in spring, that much later (02:30 is 03:30); in
 * the hour that comes twice in autumn, the first time (RFC 5545, 3.3.5; Temporal calls it `compatible`).
 */
export function instantOf({ date, time, timeZone }: WallTime): Date {
  const wall = Temporal.PlainDateTime.from(`${date}T${time}`);
  return new Date(wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds);
}
