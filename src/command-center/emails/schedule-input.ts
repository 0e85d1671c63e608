import { invalidInput } from '../../platform/http/validation.js';
import type { Schedule } from './emails.dto.js';
import { instantOf } from './schedule.js';

export interface SendTime {
  at: Date;
  timeZone: string;
}

const LATEST_MS = 2 * 366 * 86_400_000;

/**
 * When an email leaves. `zones.own`: the sender's, `zones.recipient`: where the person is, if that is known.
 */
export function sendTimeOf(
  schedule: Schedule,
  now: Date,
  zones: { own: string; recipient: string | null },
  field = 'schedule',
): SendTime {
  const { at, date, time, time_zone: chosen = zones.own, recipient_time_zone: there = false } = schedule;
  const timeZone = there ? (zones.recipient ?? chosen) : chosen;
  if (at !== undefined) {
    if (date !== undefined || time !== undefined) {
      throw invalidInput([{ field: `${field}.at`, message: 'is instead of date and time: send one of both' }]);
    }
    return { at: inTime(new Date(at), now, `${field}.at`), timeZone };
  }
  if (date === undefined && time === undefined) return { at: now, timeZone };
  if (date === undefined) throw invalidInput([{ field: `${field}.date`, message: 'is needed with a time' }]);
  if (time === undefined) throw invalidInput([{ field: `${field}.time`, message: 'is needed with a date' }]);
  const instant = instantOf({ date, time, timeZone });
  // Where it is later already: what was meant for all leaves there at once, instead of refusing the others, too.
  if (there && instant < now) return { at: now, timeZone };
  return { at: inTime(instant, now, `${field}.date`), timeZone };
}

const MINUTE_MS = 60_000;

/** What was just now when it was typed is now. */
function inTime(at: Date, now: Date, field: string): Date {
  if (at.getTime() < now.getTime() - MINUTE_MS) throw invalidInput([{ field, message: 'is in the past' }]);
  if (at.getTime() > now.getTime() + LATEST_MS) throw invalidInput([{ field, message: 'is more than two years away' }]);
  return at;
}
