/** Pure: the moment at which a zone's clocks show this (`YYYY-MM-DDTHH:mm`). Asked twice, so that a change of the clocks in between is met. */
export function instantAt(shown: string, timeZone: string): Date {
  const wanted = Date.parse(`${shown}:00Z`);
  const first = wanted - offsetMs(new Date(wanted), timeZone);
  return new Date(wanted - offsetMs(new Date(first), timeZone));
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
