import { invalidInput } from '../../platform/http/validation.js';
import { CUSTOM_FIELDS_MAX, mergedCustom } from './custom-fields.js';
import type { PersonDetails } from './people.dto.js';

export interface DetailValues {
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  company: string | null;
  phone: string | null;
  source: string | null;
  timeZone: string | null;
  custom: Record<string, string>;
}

export const NO_DETAILS: DetailValues = {
  firstName: null,
  lastName: null,
  title: null,
  company: null,
  phone: null,
  source: null,
  timeZone: null,
  custom: {},
};

/** In the order of `detailValues`, all texts but the last. */
const COLUMNS = ['first_name', 'last_name', 'title', 'company', 'phone', 'source', 'time_zone', 'custom'] as const;
export const DETAIL_COLUMNS = COLUMNS.join(', ');

export function detailValues(values: DetailValues): unknown[] {
  const { firstName, lastName, title, company, phone, source, timeZone, custom } = values;
  return [firstName, lastName, title, company, phone, source, timeZone, JSON.stringify(custom)];
}

/** Parameters of a statement for `detailValues`: `$8, $9, …`. */
export function detailParameters(first: number): string {
  return COLUMNS.map((_, index) => `$${first + index}`).join(', ');
}

/** For many people, column by column: parameters of an unnest (`$8::text[], …`), and its columns as they are stored. */
export function manyDetails(first: number, alias: string): { unnested: string; stored: string } {
  return {
    unnested: COLUMNS.map((_, index) => `$${first + index}::text[]`).join(', '),
    stored: COLUMNS.map((name) => `${alias}.${name}${name === 'custom' ? '::jsonb' : ''}`).join(', '),
  };
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
    source: or(input.source, before.source),
    timeZone: or(input.time_zone, before.timeZone),
    custom,
  };
}
