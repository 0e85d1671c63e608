/** A calendar day `YYYY-MM-DD`, without time and zone: never turned into a Date on its way. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

const FORMAT = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The text as a day, or undefined when it is none (2026-02-30, say). */
export function parseLocalDate(text: string): LocalDate | undefined {
  const match = FORMAT.exec(text);
  if (!match) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? (text as LocalDate) : undefined;
}

/** Which day it is in an IANA time zone at an instant. */
export function dateInZone(instant: Date, timeZone: string): LocalDate {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(instant) as LocalDate;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10) as LocalDate;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
