import type pg from 'pg';
import type { Call } from '../call.js';
import { rowError } from '../errors.js';
import type { ObjectType } from '../objects/field.js';
import { RowFaults } from './row-faults.js';
import { refused, saved } from './save.js';
import type { SaveResult } from './save.js';
import { writeStamp } from './stamp.js';
import { duplicateValue, holdersOf, uniqueField, uniqueKey } from './unique.js';
import { lockRows, Targets } from './update.js';

/** Moves records to the recycle bin. */
export async function deleteRecords(
  tx: pg.PoolClient,
  call: Call,
  type: ObjectType,
  ids: string[],
): Promise<SaveResult[]> {
  const targets = new Targets(type, ids);
  const stored = await lockRows(tx, type, targets.valid());
  const faults = new RowFaults(call.strikes);
  const gone: string[] = [];
  const results = ids.map((sent, at) => {
    const id = targets.at(at);
    const row = stored.get(id ?? '');
    const problem = targets.problem(at, row) ?? (type.deletable ? undefined : notDeletable(type));
    const error = problem ?? (row && faults.refusal(at, id, row));
    if (error || id === undefined) return refused(error ?? rowError('MALFORMED_ID', `malformed id ${sent}`), id);
    gone.push(id);
    return saved(id, false);
  });
  await mark(tx, call, type, gone, true);
  return results;
}

/** Takes records out of the recycle bin, with the ids they had. */
export async function undeleteRecords(
  tx: pg.PoolClient,
  call: Call,
  type: ObjectType,
  ids: string[],
): Promise<SaveResult[]> {
  const targets = new Targets(type, ids);
  const stored = await lockRows(tx, type, targets.valid());
  const back = [...stored.values()].filter((row) => row['is_deleted'] === true);
  const unique = uniqueField(type);
  const holders = unique ? await holdersOf(tx, type, unique, back) : new Map<string, string>();
  const restored: string[] = [];
  const results = ids.map((sent, at) => {
    const id = targets.at(at);
    const row = stored.get(id ?? '');
    if (id === undefined || !row)
      return refused(rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'), id ?? sent);
    if (row['is_deleted'] !== true) return refused(rowError('UNDELETE_FAILED', 'Entity is not in the recycle bin'), id);
    const holder = unique && holders.get(uniqueKey(row, unique));
    if (unique && holder !== undefined) return refused(duplicateValue(unique, holder), id);
    restored.push(id);
    return saved(id, false);
  });
  await mark(tx, call, type, restored, false);
  return results;
}

/** Purges records from the recycle bin: they are gone, and getDeleted no longer knows them. */
export async function purgeRecords(tx: pg.PoolClient, type: ObjectType, ids: string[]): Promise<SaveResult[]> {
  const targets = new Targets(type, ids);
  const { rows } = await tx.query<{ id: string }>(
    `DELETE FROM ${type.table} WHERE id = ANY($1::text[]) AND is_deleted RETURNING id`,
    [targets.valid()],
  );
  const purged = new Set(rows.map((r) => r.id));
  return ids.map((sent, at) => {
    const id = targets.at(at);
    if (id !== undefined && purged.has(id)) return saved(id, false);
    return refused(rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'), id ?? sent);
  });
}

async function mark(tx: pg.PoolClient, call: Call, type: ObjectType, ids: string[], isDeleted: boolean): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `UPDATE ${type.table} SET is_deleted = $2, last_modified_date = $3, last_modified_by_id = $4, system_modstamp = $3
     WHERE id = ANY($1::text[])`,
    [ids, isDeleted, writeStamp(call), call.user.id],
  );
}

function notDeletable(type: ObjectType): ReturnType<typeof rowError> {
  return rowError('INSUFFICIENT_ACCESS_OR_READONLY', `${type.label} records cannot be deleted`);
}
