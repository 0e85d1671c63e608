import type { Schemas } from '../../api/client';
import { addDays, todayIn } from '../../tasks/due';
import { instantAt, shownAt } from '../../tasks/local-time';
import { fullTime } from '../email-words';

/** When it leaves, as the inputs hold it. */
export interface Later {
  date: string;
  time: string;
  /** Whose clock: one's own, the recipient's, or one that is named. */
  zone: 'own' | 'recipient' | 'named';
  named: string;
}

export interface Zones {
  own: string;
  /** Null: not known; undefined: there are many. */
  recipient: string | null | undefined;
}

/** Tomorrow morning: what most want. */
export function usualTime(timeZone: string, now: Date): Later {
  return { date: addDays(todayIn(timeZone, now), 1), time: '09:00', zone: 'own', named: timeZone };
}

/** Pure: how it is asked of the server. */
export function scheduleOf({ date, time, zone, named }: Later): Schemas['Schedule'] {
  return {
    ...{ date, time },
    ...(zone === 'recipient' && { recipient_time_zone: true }),
    ...(zone === 'named' && { time_zone: named }),
  };
}

/** Pure: the resulting moment in words, or what is wrong with it. */
export function timeSentence(later: Later, zones: Zones, now: Date): { text: string; isPast: boolean } | undefined {
  const { date, time, zone } = later;
  if (date === '' || time === '') return undefined;
  const timeZone = zone === 'named' ? later.named : zone === 'recipient' ? (zones.recipient ?? zones.own) : zones.own;
  const at = instantAt(`${date}T${time}`, timeZone);
  if (Number.isNaN(at.getTime())) return undefined;
  if (zone === 'recipient' && zones.recipient === undefined) {
    return {
      text: `At ${time} where each of them is; in ${zones.own} for those of whom that is not known.`,
      isPast: false,
    };
  }
  if (at.getTime() < now.getTime() - 60_000) return { text: 'That is in the past.', isPast: true };
  const skipped =
    shownAt(at.toISOString(), timeZone) === `${date}T${time}` ? '' : ' The clocks skip the time you chose.';
  const own = timeZone === zones.own ? '' : ` For you that is ${fullTime(at.toISOString(), zones.own)}.`;
  return {
    text: `Leaves ${fullTime(at.toISOString(), timeZone)} in ${timeZone}, ${inWords(at.getTime() - now.getTime())}.${own}${skipped}`,
    isPast: false,
  };
}

function inWords(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(hours / 24)} days`;
}

/** Pure: the time that an email has already, on the clock that it was chosen on; undefined: it has none. */
export function laterOf(
  { send_at: at, time_zone: zone }: { send_at: string | null; time_zone: string | null },
  own: string,
): Later | undefined {
  if (at === null) return undefined;
  const timeZone = zone ?? own;
  const [date = '', time = ''] = shownAt(at, timeZone).split('T');
  return { date, time, zone: timeZone === own ? 'own' : 'named', named: timeZone };
}
