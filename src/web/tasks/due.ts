/** Dates are `YYYY-MM-DD` and have no time zone; only "today" depends on where one is. */
export type LocalDate = string;

const DAY_MS = 86_400_000;

/** The day that it is there now. */
export function todayIn(timeZone: string, now: Date): LocalDate {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The Monday after today. */
export function nextMonday(today: LocalDate): LocalDate {
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  return addDays(today, (8 - weekday) % 7 || 7);
}

export interface DueWords {
  text: string;
  tone: 'late' | 'today' | 'soon' | 'none';
}

/** A due date as a person says it. */
export function dueWords(due: LocalDate | null, today: LocalDate): DueWords {
  if (due === null) return { text: 'No date', tone: 'none' };
  const days = daysBetween(today, due);
  if (days < -1) return { text: days < -13 ? dateWords(due, today) : `${-days} days late`, tone: 'late' };
  if (days === -1) return { text: 'Yesterday', tone: 'late' };
  if (days === 0) return { text: 'Today', tone: 'today' };
  if (days === 1) return { text: 'Tomorrow', tone: 'soon' };
  if (days < 7) return { text: weekdayOf(due), tone: 'soon' };
  return { text: dateWords(due, today), tone: 'none' };
}

/** A day in full, as a picker shows it. */
export function dayWords(date: LocalDate): string {
  const format = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(new Date(`${date}T00:00:00Z`));
}

function dateWords(date: LocalDate, today: LocalDate): string {
  const sameYear = date.slice(0, 4) === today.slice(0, 4);
  const year = sameYear ? undefined : 'numeric';
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year, timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

function weekdayOf(date: LocalDate): string {
  return new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/** Under which heading a task stands in a list. */
export function groupOf(due: LocalDate | null, today: LocalDate): string {
  if (due === null) return 'No date';
  const days = daysBetween(today, due);
  if (days < 0) return 'Late';
  if (days === 0) return 'Today';
  if (days === 1) return 'Tomorrow';
  return days < 7 ? 'Next 7 days' : 'Later';
}

/** How long ago, as a person says it. */
export function agoWords(at: string | Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - new Date(at).getTime()) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? 'yesterday' : `${days} days ago`;
}
