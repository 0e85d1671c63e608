import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { CreatePerson, type UpdatePerson } from '../people.dto.js';

const FIELDS = ['name', 'email', 'first_name', 'last_name', 'title', 'company', 'phone', 'time_zone'] as const;
/** A field of a person, or `custom.<name>` for one of the team's own. */
export type ImportField = (typeof FIELDS)[number] | `custom.${string}`;

export function isImportField(text: unknown): text is ImportField {
  if (typeof text !== 'string') return false;
  return FIELDS.some((field) => field === text) || /^custom\.[a-z][a-z0-9_]{0,39}$/.test(text);
}

export type ReadRow = { values: CreatePerson; given: UpdatePerson } | { refused: string };

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
  const { name, first_name: first, last_name: last, email } = given as Partial<Record<string, string>>;
  const called = name ?? ([first, last].filter(Boolean).join(' ') || email);
  if (called === undefined) return { refused: 'has no name and no address' };
  const values = plainToInstance(CreatePerson, { ...given, name: called });
  const [fault] = validateSync(values, { whitelist: true, forbidNonWhitelisted: true });
  if (fault) return { refused: Object.values(fault.constraints ?? {})[0] ?? `${fault.property} is not valid` };
  const { name: whole, ...rest } = values;
  return { values, given: name === undefined ? rest : { ...rest, name: whole } };
}
