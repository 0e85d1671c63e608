import type { Schemas } from '../api/client';

type Authorization = Pick<Schemas['AuthorizationView'], 'source' | 'consented_on' | 'purpose'>;
export type Ground = Schemas['AuthorizationView']['type'];

export const GROUNDS: Readonly<Record<Ground, string>> = {
  consent: 'Consent',
  legitimate_interest: 'Legitimate interest',
  contract: 'Contract',
  other: 'Another ground',
};

/** Pure: what is known of a ground, in one line. */
export function authorizationLine({ source, consented_on: day, purpose }: Authorization): string {
  const given = day === null ? [] : [`given on ${dayWords(day)}`];
  const from = source === null ? [] : [`from “${source}”`];
  const what = purpose === null ? [] : [`for “${purpose}”`];
  return [...given, ...from, ...what].join(', ');
}

/** A day of the calendar, the same in every time zone. */
function dayWords(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
}
