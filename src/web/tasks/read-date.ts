import { addDays, type LocalDate, nextMonday } from './due';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Pure: the day that somebody typed: “fri”, “next monday”, “3d”, “in 2 weeks”, “12 dec”, “2026-12-24”. */
export function readDate(text: string, today: LocalDate): LocalDate | undefined {
  const typed = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (typed === '') return undefined;
  if (isStart(typed, 'today')) return today;
  if (isStart(typed, 'tomorrow') || typed === 'tmr') return addDays(today, 1);
  if (/^next (monday|mon|week)$/.test(typed)) return nextMonday(today);
  return readSpan(typed, today) ?? readWeekday(typed, today) ?? readIso(typed) ?? readDayOfMonth(typed, today);
}

const isStart = (typed: string, word: string) => typed.length >= 3 && word.startsWith(typed);

function readSpan(typed: string, today: LocalDate): LocalDate | undefined {
  const [, count, unit] = /^(?:in |\+)?(\d{1,3}) ?(d|days?|w|weeks?)$/.exec(typed) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return addDays(today, Number(count) * (unit.startsWith('w') ? 7 : 1));
}

function readWeekday(typed: string, today: LocalDate): LocalDate | undefined {
  const word = typed.replace(/^(next|on) /, '');
  const day = word.length < 3 ? -1 : WEEKDAYS.findIndex((name) => name.startsWith(word));
  if (day < 0) return undefined;
  const ahead = (day - new Date(`${today}T00:00:00Z`).getUTCDay() + 7) % 7;
  return addDays(today, ahead === 0 ? 7 : ahead);
}

function readIso(typed: string): LocalDate | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(typed) && isDay(typed) ? typed : undefined;
}

/** The next such day: “3 jan” typed in December is of the coming year. */
function readDayOfMonth(typed: string, today: LocalDate): LocalDate | undefined {
  const [, first, name, last] = /^(?:(\d{1,2})\.? )?([a-z]{3,9})\.?(?: (\d{1,2}))?$/.exec(typed) ?? [];
  const month = MONTHS.findIndex((short) => name?.startsWith(short));
  const day = first ?? last;
  if (month < 0 || day === undefined) return undefined;
  const rest = `${String(month + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const thisYear = `${today.slice(0, 4)}-${rest}`;
  const date = thisYear >= today ? thisYear : `${Number(today.slice(0, 4)) + 1}-${rest}`;
  return isDay(date) ? date : undefined;
}

function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
