import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { CreatePerson, type UpdatePerson } from '../people.dto.js';
import type { SalesforceRecord } from '../person-records.js';
import { longSalesforceId, personKindOf } from '../salesforce-id.js';

const FIELDS = [
  'name',
  'email',
  'first_name',
  'last_name',
  'title',
  'company',
  'phone',
  'source',
  'time_zone',
] as const;
/** Beside the person: which lead or contact they are; whether they want no commercial emails. */
const BESIDE = ['salesforce_id', 'unsubscribed'] as const;
/** A field of a person, or `custom.<name>` for one of the team's own. */
export type ImportField = (typeof FIELDS)[number] | (typeof BESIDE)[number] | `custom.${string}`;

export function isImportField(text: unknown): text is ImportField {
  if (typeof text !== 'string') return false;
  return [...FIELDS, ...BESIDE].some((field) => field === text) || /^custom\.[a-z][a-z0-9_]{0,39}$/.test(text);
}

/** Who wants no commercial emails, as far as a row says who that is. */
export interface OptOut {
  email: string | null;
  record: SalesforceRecord | null;
}

export type ReadRow =
  | { values: CreatePerson; given: UpdatePerson; record: SalesforceRecord | null; unsubscribed: boolean }
  /** `optOut`: it says so all the same. */
  | { refused: string; optOut: OptOut | null };

/**
 * Pure: what a row says of a person, held to the same rules as the API. Empty cells say nothing. `given` is what
 * changes somebody who is known: a name that was only put together from others is none.
 */
export function readRow(
  headers: readonly string[],
  mapping: Readonly<Record<string, ImportField>>,
  cells: readonly string[],
): ReadRow {
  const given: Record<string, unknown> = {};
  const custom: Record<string, string> = {};
  for (const [index, header] of headers.entries()) {
    const [field, text] = [Object.hasOwn(mapping, header) ? mapping[header] : undefined, cells[index]?.trim()];
    if (field === undefined || !text) continue;
    if (field.startsWith('custom.')) custom[field.slice('custom.'.length)] = text;
    else given[field] = text;
  }
  if (Object.keys(custom).length > 0) given.custom = custom;
  const { salesforce_id: recordText, unsubscribed: wish, ...person } = given as Partial<Record<string, string>>;
  const { name, first_name: first, last_name: last, email } = person;
  const record = recordText === undefined ? null : recordOf(recordText);
  const unsubscribed = wish === undefined ? false : yesOrNo(wish);
  const optOut = unsubscribed ? { email: email?.toLowerCase() ?? null, record: record ?? null } : null;
  if (record === undefined) return { refused: 'has a Salesforce id that is none of a lead or contact', optOut };
  if (unsubscribed === undefined) return { refused: 'says neither yes nor no for unsubscribed', optOut };
  const called = name ?? ([first, last].filter(Boolean).join(' ') || email);
  if (called === undefined) return { refused: 'has no name and no address', optOut };
  const values = plainToInstance(CreatePerson, { ...person, name: called });
  const [fault] = validateSync(values, { whitelist: true, forbidNonWhitelisted: true });
  if (fault) return { refused: Object.values(fault.constraints ?? {})[0] ?? `${fault.property} is not valid`, optOut };
  const { name: whole, ...rest } = values;
  return { values, given: name === undefined ? rest : { ...rest, name: whole }, record, unsubscribed };
}

function recordOf(text: string): SalesforceRecord | undefined {
  const id = longSalesforceId(text);
  const kind = id && personKindOf(id);
  return id && kind ? { id, kind } : undefined;
}

function yesOrNo(text: string): boolean | undefined {
  if (/^(true|yes|y|1|x)$/i.test(text)) return true;
  return /^(false|no|n|0)$/i.test(text) ? false : undefined;
}
