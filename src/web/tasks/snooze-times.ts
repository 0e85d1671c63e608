import { addDays, nextMonday, todayIn } from './due';

const HOUR_MS = 3_600_000;
const MORNING_HOUR = 9;

/** Pure: until when one may snooze, in one's own time zone. */
export function snoozeTimes(now: Date, timeZone: string): { label: string; until: string }[] {
  const today = todayIn(timeZone, now);
  const morning = (date: string) => instantOf(date, MORNING_HOUR, timeZone).toISOString();
  const inHours = (hours: number) => new Date(now.getTime() + hours * HOUR_MS).toISOString();
  return [
    { label: 'In one hour', until: inHours(1) },
    { label: 'In three hours', until: inHours(3) },
    { label: 'Tomorrow morning', until: morning(addDays(today, 1)) },
    { label: 'Next Monday morning', until: morning(nextMonday(today)) },
    { label: 'In a week', until: morning(addDays(today, 7)) },
  ];
}

/** Pure: the moment at which it is so late in a zone. Asked twice, so that a change of the clocks in between is met. */
export function instantOf(date: string, hour: number, timeZone: string): Date {
  const wanted = Date.parse(`${date}T${String(hour).padStart(2, '0')}:00:00Z`);
  const first = wanted - offsetMs(new Date(wanted), timeZone);
  return new Date(wanted - offsetMs(new Date(first), timeZone));
}

function offsetMs(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000;
}
