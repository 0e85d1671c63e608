import type pg from 'pg';
import type { RowError } from '../errors.js';
import { rowError } from '../errors.js';
import { to15 } from '../ids.js';
import type { Field, ObjectType, Row } from '../objects/field.js';

/** The field of which no two live records may share a value, whatever its case. */
export function uniqueField(type: ObjectType): Field | undefined {
  if (type.name === 'User') return type.byName.get('username');
  return type.fields.find((f) => f.unique && !f.inCustomJson);
}

/** A row's unique value as it is compared; empty when it has none. */
export function uniqueKey(row: Row | undefined, field: Field): string {
  const value = row?.[field.column];
  return typeof value === 'string' ? value.toLowerCase() : '';
}

/** The id of the live record that holds each of these values. */
export async function holdersOf(
  tx: pg.PoolClient,
  type: ObjectType,
  field: Field,
  rows: Row[],
): Promise<Map<string, string>> {
  const keys = rows.map((row) => uniqueKey(row, field)).filter((key) => key !== '');
  if (keys.length === 0) return new Map();
  const { rows: holders } = await tx.query<{ id: string; key: string }>(
    `SELECT id, lower(${field.column}) AS key FROM ${type.table}
     WHERE lower(${field.column}) = ANY($1::text[]) AND NOT is_deleted`,
    [keys],
  );
  return new Map(holders.map((h) => [h.key, h.id]));
}

/** In Salesforce's words, which give the holder's id in 15 characters. */
export function duplicateValue(field: Field, holder: string | undefined): RowError {
  const id = holder === undefined ? '<unknown>' : to15(holder);
  return rowError('DUPLICATE_VALUE', `duplicate value found: ${field.name} duplicates value on record with id: ${id}`);
}
