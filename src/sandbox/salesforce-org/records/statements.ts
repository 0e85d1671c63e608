import type pg from 'pg';
import { sqlType } from '../objects/field.js';
import type { ObjectType, Row } from '../objects/field.js';

/**
 * Multi-row statements: one array per column, so that the text is the same whatever the number of rows, and 200 rows
 * cost one round trip.
 */

/** Inserts the rows; answers the ids of those that met no other row with the same unique value. */
export async function insertRows(tx: pg.PoolClient, type: ObjectType, rows: Row[]): Promise<Set<string>> {
  const columns = columnsOf(type);
  const names = columns.map((c) => c.name).join(', ');
  const { rows: inserted } = await tx.query<{ id: string }>(
    `INSERT INTO ${type.table} (${names}) SELECT ${names} FROM ${unnest(columns)} ON CONFLICT DO NOTHING RETURNING id`,
    arraysOf(columns, rows),
  );
  return new Set(inserted.map((r) => r.id));
}

export async function updateRows(tx: pg.PoolClient, type: ObjectType, rows: Row[]): Promise<void> {
  const columns = columnsOf(type);
  const sets = columns.filter((c) => c.name !== 'id').map((c) => `${c.name} = v.${c.name}`);
  await tx.query(
    `UPDATE ${type.table} t SET ${sets.join(', ')} FROM ${unnest(columns)} WHERE t.id = v.id`,
    arraysOf(columns, rows),
  );
}

interface StoredColumn {
  name: string;
  type: string;
}

function columnsOf(type: ObjectType): StoredColumn[] {
  const own = type.fields.filter((f) => !f.inCustomJson).map((f) => ({ name: f.column, type: sqlType(f.type) }));
  return [...own, { name: 'custom', type: 'jsonb' }];
}

function unnest(columns: StoredColumn[]): string {
  const arrays = columns.map((c, i) => `$${i + 1}::${c.type.replace(' COLLATE "C"', '')}[]`);
  return `unnest(${arrays.join(', ')}) AS v(${columns.map((c) => c.name).join(', ')})`;
}

function arraysOf(columns: StoredColumn[], rows: Row[]): unknown[][] {
  return columns.map(({ name, type }) =>
    rows.map((row) => {
      const value = row[name];
      if (type === 'jsonb') return JSON.stringify(value ?? {});
      return type === 'boolean' ? (value ?? false) : (value ?? null);
    }),
  );
}
