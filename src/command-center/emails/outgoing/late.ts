import { Temporal } from 'temporal-polyfill';

/** Pure: the same time on the wall clock, on the first day on which it is still to come. */
export function nextSlot(dueAt: Date, timeZone: string, now: Date): Date {
  const due = zoned(dueAt, timeZone);
  const plainTime = due.toPlainTime();
  const slot = zoned(now, timeZone).toPlainDate().toZonedDateTime({ timeZone, plainTime });
  const later = slot.epochMilliseconds > now.getTime() ? slot : slot.add({ days: 1 });
  return new Date(later.epochMilliseconds);
}

function zoned(at: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
}
