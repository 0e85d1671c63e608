import type pg from 'pg';
import type { Org } from '../org.js';
import { prefixOf, to18 } from '../ids.js';
import type { ObjectType } from '../objects/field.js';
import type { Values } from './values.js';

/** What write rules need to know about the records that the batch refers to. */
export interface Referenced {
  id: string;
  type: string;
  isActive: boolean;
  isConverted: boolean;
  accountId: string | null;
}

export type References = Map<string, Referenced>;

/** Reads all records that the batch refers to, one statement per object. */
export async function loadReferences(
  tx: pg.PoolClient,
  org: Org,
  type: ObjectType,
  inputs: Values[],
): Promise<References> {
  const fields = type.fields.filter((f) => f.type === 'reference');
  const ids = new Map<string, Set<string>>();
  for (const values of inputs) {
    for (const field of fields) {
      const value = values.get(field.name);
      const id = typeof value === 'string' ? to18(value) : undefined;
      if (id === undefined) continue;
      // From here on the batch speaks of records by their long ids.
      values.set(field.name, id);
      const target = org.catalogue.ofId(id);
      if (target) ids.set(target.name, (ids.get(target.name) ?? new Set()).add(id));
    }
  }
  const found: References = new Map();
  for (const [name, wanted] of ids) {
    const { rows } = await tx.query<Referenced>(selectOf(org.catalogue.get(name)), [[...wanted]]);
    for (const row of rows) found.set(row.id, { ...row, type: name });
  }
  return found;
}

function selectOf(type: ObjectType): string {
  const has = (name: string): boolean => type.byName.has(name.toLowerCase());
  const accountId = type.name === 'Account' ? 'id' : has('AccountId') ? 'account_id' : 'NULL';
  return `SELECT id, ${has('IsActive') ? 'is_active' : 'true'} AS "isActive",
            ${has('IsConverted') ? 'is_converted' : 'false'} AS "isConverted", ${accountId} AS "accountId"
          FROM ${type.table} WHERE id = ANY($1::text[]) AND NOT is_deleted`;
}

export const isOfType = (org: Org, id: string, types: string[]): boolean =>
  types.includes(org.catalogue.ofId(prefixOf(id))?.name ?? '');
