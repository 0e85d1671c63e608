const DAY_MS = 86_400_000;

/**
 * Pure: the moment at which a zone's clocks show this (`YYYY-MM-DDTHH:mm`): of an hour that comes twice the first; in an
 * hour that is skipped, that much later, as the server has it.
 */
export function instantAt(shown: string, timeZone: string): Date {
  const wanted = Date.parse(`${shown}:00Z`);
  if (Number.isNaN(wanted)) return new Date(NaN);
  const [before, after] = [-DAY_MS, DAY_MS].map((by) => wanted - offsetMs(new Date(wanted + by), timeZone)) as [
    number,
    number,
  ];
  const fitting = [before, after].filter((at) => at + offsetMs(new Date(at), timeZone) === wanted);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : before);
}

/** Pure: what a zone's clocks show then, as inputs of date and time hold it; nothing of no moment. */
export function shownAt(instant: string, timeZone: string): string {
  if (instant === '') return '';
  const at = new Date(instant);
  return new Date(at.getTime() + offsetMs(at, timeZone)).toISOString().slice(0, 16);
}

function offsetMs(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000;
}
