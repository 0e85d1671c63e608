import type pg from 'pg';
import type { Call } from '../call.js';
import { rowError } from '../errors.js';
import type { ObjectType, Row } from '../objects/field.js';
import { loadReferences } from './references.js';
import { applyRules } from './rules.js';
import { RowFaults } from './row-faults.js';
import { refused, saved } from './save.js';
import type { SaveResult } from './save.js';
import { insertRows } from './statements.js';
import { assign, writeStamp } from './stamp.js';
import { duplicateValue, holdersOf, uniqueField, uniqueKey } from './unique.js';
import type { Input } from './values.js';
import { readInput } from './values.js';

/** Inserts records of one object; results in the order of `sent`. */
export async function createRecords(
  tx: pg.PoolClient,
  call: Call,
  type: ObjectType,
  sent: Record<string, unknown>[],
): Promise<SaveResult[]> {
  const inputs = sent.map((s) => readInput(type, s, 'create'));
  const results: (SaveResult | undefined)[] = inputs.map(({ error }) => error && refused(error));
  const references = await loadReferences(
    tx,
    call.org,
    type,
    inputs.map((i) => i.values),
  );
  const ids = await call.org.newIds(type.prefix, inputs.length);
  const stamp = writeStamp(call);
  const context = { org: call.org, type, references, userId: call.user.id, stamp };
  const faults = new RowFaults(call.strikes);
  const rows: { row: Row; at: number }[] = [];
  inputs.forEach((input, at) => {
    if (results[at]) return;
    const row = newRow(type, input, ids[at] ?? '', call.user.id, stamp);
    const error =
      faults.refusal(at, undefined, row, input.values) ??
      applyRules(row, input.values, undefined, context) ??
      call.org.validationRules.refusal(type, row);
    if (error) results[at] = refused(error);
    else rows.push({ row, at });
  });
  if (rows.length > 0) {
    const inserted = await insertRows(
      tx,
      type,
      rows.map((r) => r.row),
    );
    const left = rows.filter((r) => !inserted.has(r.row.id));
    const unique = uniqueField(type);
    const holders = unique
      ? await holdersOf(
          tx,
          type,
          unique,
          left.map((r) => r.row),
        )
      : new Map<string, string>();
    for (const { row, at } of rows) {
      const isDuplicate = unique && !inserted.has(row.id);
      results[at] = isDuplicate
        ? refused(duplicateValue(unique, holders.get(uniqueKey(row, unique))))
        : saved(row.id, true);
    }
  }
  return results.map((r) => r ?? refused(rowError('UNKNOWN_EXCEPTION', 'the record was not processed')));
}

function newRow(type: ObjectType, input: Input, id: string, userId: string, stamp: Date): Row {
  const row: Row = { id, custom: {} };
  assign(row, type, input.values);
  row['created_date'] = stamp;
  row['created_by_id'] = userId;
  row['last_modified_date'] = stamp;
  row['last_modified_by_id'] = userId;
  row['system_modstamp'] = stamp;
  return row;
}
