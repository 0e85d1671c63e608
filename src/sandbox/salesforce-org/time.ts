/** Times as Salesforce keeps and writes them: whole seconds, UTC, `2026-01-02T03:04:05.000+0000`. */

export function wholeSeconds(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

export function formatStamp(at: Date): string {
  return `${wholeSeconds(at).toISOString().slice(0, 19)}.000+0000`;
}

/** A timestamptz in Postgres' own text, `2026-01-02 03:04:05+00`, in the form of an answer. Connections run in UTC. */
export function stampFromText(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.000+0000`;
}

const STAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** A datetime with a zone, or undefined. `+0000` and `+00:00` are both accepted, as Salesforce does. */
export function parseStamp(text: string): Date | undefined {
  if (!STAMP.test(text)) return undefined;
  const at = new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** A calendar date that exists, as `YYYY-MM-DD`, or undefined. */
export function parseDate(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text ? text : undefined;
}

export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The calendar date in a time zone at a moment. */
export function dateIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

/** The moment at which a date begins in a time zone; on days with a clock change, the earliest such moment. */
export function startOfDay(timeZone: string, date: string): Date {
  const utc = Date.parse(`${date}T00:00:00Z`);
  // Two rounds settle it: the offset at a first guess gives the offset at the true moment.
  let guess = utc;
  for (let i = 0; i < 2; i += 1) guess = utc - offsetAt(timeZone, new Date(guess));
  return new Date(guess);
}

function offsetAt(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const get = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return local - Math.floor(at.getTime() / 1000) * 1000;
}
