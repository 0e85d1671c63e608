import { addDays, dateIn, startOfDay } from '../time.js';

/** What a relative date literal depends on. */
export interface DateContext {
  now: Date;
  timeZone: string;
}

/** Dates from `from` to the day before `until`. */
export interface DateRange {
  from: string;
  until: string;
}

/** The value of a quoted SOQL string: quotes taken off, escapes resolved. */
export function unquote(text: string): string {
  const inner = text.startsWith("'") ? text.slice(1, -1) : text;
  return inner.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, escape: string) => {
    if (escape.length === 5) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return ESCAPES[escape.toLowerCase()] ?? escape;
  });
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * A LIKE pattern for Postgres. In SOQL `\%` and `\_` stand for the characters themselves, as in Postgres, so these two
 * escapes stay; all others are resolved, and a backslash that remains is doubled.
 */
export function likePattern(text: string): string {
  const inner = text.startsWith("'") ? text.slice(1, -1) : text;
  return inner.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (whole, escape: string) => {
    if (escape === '%' || escape === '_') return whole;
    const value = unquote(`'${whole}'`);
    return value === '\\' ? '\\\\' : value;
  });
}

/** The days that a date literal such as TODAY or LAST_N_DAYS:3 covers, or undefined for a name that is none. */
export function dateLiteral(text: string, context: DateContext): DateRange | undefined {
  const [name = '', count] = text.toUpperCase().split(':');
  const today = dateIn(context.timeZone, context.now);
  return count === undefined ? named(name, today) : counted(name, Number(count), today);
}

/** The moments at which the days of a range begin and end in the user's zone. */
export function momentsOf(range: DateRange, timeZone: string): { from: Date; until: Date } {
  return { from: startOfDay(timeZone, range.from), until: startOfDay(timeZone, range.until) };
}

function named(name: string, today: string): DateRange | undefined {
  const ninety = /^(LAST|NEXT)_90_DAYS$/.exec(name);
  if (ninety) return counted(`${ninety[1] ?? ''}_N_DAYS`, 90, today);
  switch (name) {
    case 'YESTERDAY':
      return days(addDays(today, -1), 1);
    case 'TODAY':
      return days(today, 1);
    case 'TOMORROW':
      return days(addDays(today, 1), 1);
  }
  const [which = '', unit = ''] = name.replace('FISCAL_', '').split('_');
  const step = STEPS[which];
  return step === undefined || !isUnit(unit) ? undefined : period(unit, step, 1, today);
}

/**
 * LAST_N_DAYS:n is the n days before today and today; NEXT_N_DAYS:n the n days after today; N_DAYS_AGO:n the one day.
 * For longer units LAST is the n whole units before the present one, NEXT the n after it.
 */
function counted(name: string, n: number, today: string): DateRange | undefined {
  const match = /^(?:(LAST|NEXT)_N_|N_)(?:FISCAL_)?(DAY|WEEK|MONTH|QUARTER|YEAR)S(_AGO)?$/.exec(name);
  if (!match || !Number.isInteger(n) || n < 0) return undefined;
  const [, direction, unit = ''] = match;
  if (unit === 'DAY') {
    if (direction === 'LAST') return { from: addDays(today, -n), until: addDays(today, 1) };
    if (direction === 'NEXT') return days(addDays(today, 1), n);
    return days(addDays(today, -n), 1);
  }
  if (!isUnit(unit)) return undefined;
  if (direction === 'LAST') return period(unit, -n, n, today);
  if (direction === 'NEXT') return period(unit, 1, n, today);
  return period(unit, -n, 1, today);
}

const STEPS: Record<string, number> = { LAST: -1, THIS: 0, NEXT: 1 };

type Unit = 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

function isUnit(text: string): text is Unit {
  return text === 'WEEK' || text === 'MONTH' || text === 'QUARTER' || text === 'YEAR';
}

const days = (from: string, count: number): DateRange => ({ from, until: addDays(from, count) });

/** `count` units, the first of them `offset` units from the present one. */
function period(unit: Unit, offset: number, count: number, today: string): DateRange {
  const [year = 0, month = 1] = today.split('-').map(Number);
  const monthFrom = (months: number): string => new Date(Date.UTC(year, months, 1)).toISOString().slice(0, 10);
  switch (unit) {
    case 'WEEK': {
      // Weeks begin on Sunday in the default locale.
      const sunday = addDays(today, -new Date(`${today}T00:00:00Z`).getUTCDay());
      return days(addDays(sunday, 7 * offset), 7 * count);
    }
    case 'MONTH':
      return { from: monthFrom(month - 1 + offset), until: monthFrom(month - 1 + offset + count) };
    case 'QUARTER': {
      const first = Math.floor((month - 1) / 3) * 3;
      return { from: monthFrom(first + 3 * offset), until: monthFrom(first + 3 * (offset + count)) };
    }
    case 'YEAR':
      return { from: `${year + offset}-01-01`, until: `${year + offset + count}-01-01` };
  }
}
