import { addDays, nextMonday, todayIn } from './due';
import { instantAt } from './local-time';

const HOUR_MS = 3_600_000;
const MORNING = '09:00';

/** Pure: until when one may snooze, in one's own time zone. */
export function snoozeTimes(now: Date, timeZone: string): { label: string; until: string }[] {
  const today = todayIn(timeZone, now);
  const morning = (date: string) => instantAt(`${date}T${MORNING}`, timeZone).toISOString();
  const inHours = (hours: number) => new Date(now.getTime() + hours * HOUR_MS).toISOString();
  return [
    { label: 'In one hour', until: inHours(1) },
    { label: 'In three hours', until: inHours(3) },
    { label: 'Tomorrow morning', until: morning(addDays(today, 1)) },
    { label: 'Next Monday morning', until: morning(nextMonday(today)) },
    { label: 'In a week', until: morning(addDays(today, 7)) },
  ];
}
