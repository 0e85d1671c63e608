import { invalidInput } from '../../platform/http/validation.js';
import { CUSTOM_FIELDS_MAX, mergedCustom } from './custom-fields.js';
import type { PersonDetails } from './people.dto.js';

export interface DetailValues {
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  company: string | null;
  phone: string | null;
  timeZone: string | null;
  custom: Record<string, string>;
}

export const NO_DETAILS: DetailValues = {
  firstName: null,
  lastName: null,
  title: null,
  company: null,
  phone: null,
  timeZone: null,
  custom: {},
};

/** In the order of `detailValues`. */
export const DETAIL_COLUMNS = 'first_name, last_name, title, company, phone, time_zone, custom';

export function detailValues(values: DetailValues): unknown[] {
  const { firstName, lastName, title, company, phone, timeZone, custom } = values;
  return [firstName, lastName, title, company, phone, timeZone, JSON.stringify(custom)];
}

export function sameDetails(before: DetailValues, after: DetailValues): boolean {
  return JSON.stringify(detailValues(before)) === JSON.stringify(detailValues(after));
}

/** What is left out stays as it is; null clears it. */
export function withDetails<T extends DetailValues>(before: T, input: PersonDetails): T {
  const or = <V>(value: V | undefined, otherwise: V): V => (value === undefined ? otherwise : value);
  const custom = input.custom === undefined ? before.custom : mergedCustom(before.custom, input.custom);
  if (Object.keys(custom).length > CUSTOM_FIELDS_MAX) {
    throw invalidInput([{ field: 'custom', message: `must be at most ${CUSTOM_FIELDS_MAX} fields in all` }]);
  }
  return {
    ...before,
    firstName: or(input.first_name, before.firstName),
    lastName: or(input.last_name, before.lastName),
    title: or(input.title, before.title),
    company: or(input.company, before.company),
    phone: or(input.phone, before.phone),
    timeZone: or(input.time_zone, before.timeZone),
    custom,
  };
}
