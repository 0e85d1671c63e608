import type pg from 'pg';
import type { Call } from '../call.js';
import { rowError } from '../errors.js';
import type { RowError } from '../errors.js';
import { to18 } from '../ids.js';
import type { ObjectType, Row } from '../objects/field.js';
import { loadReferences } from './references.js';
import { RowFaults } from './row-faults.js';
import { applyRules } from './rules.js';
import { refused, saved } from './save.js';
import type { SaveResult } from './save.js';
import { assign, writeStamp } from './stamp.js';
import { updateRows } from './statements.js';
import { duplicateValue, holdersOf, uniqueField, uniqueKey } from './unique.js';
import { readInput } from './values.js';

export interface Change {
  id: string;
  fields: Record<string, unknown>;
}

/** Updates records of one object; results in the order of `changes`. */
export async function updateRecords(
  tx: pg.PoolClient,
  call: Call,
  type: ObjectType,
  changes: Change[],
): Promise<SaveResult[]> {
  const inputs = changes.map((c) => readInput(type, c.fields, 'update'));
  const targets = new Targets(
    type,
    changes.map((c) => c.id),
  );
  const stored = await lockRows(tx, type, targets.valid());
  const references = await loadReferences(
    tx,
    call.org,
    type,
    inputs.map((i) => i.values),
  );
  const stamp = writeStamp(call);
  const context = { org: call.org, type, references, userId: call.user.id, stamp };
  const faults = new RowFaults(call.strikes);
  const results: (SaveResult | undefined)[] = [];
  const changed = new Map<string, { row: Row; at: number }>();
  inputs.forEach((input, at) => {
    const id = targets.at(at);
    const before = stored.get(id ?? '');
    const problem = targets.problem(at, before) ?? input.error;
    if (problem || id === undefined || !before) {
      results[at] = refused(problem ?? rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'), id);
      return;
    }
    const row: Row = { ...before };
    assign(row, type, input.values);
    row['last_modified_date'] = stamp;
    row['last_modified_by_id'] = call.user.id;
    row['system_modstamp'] = stamp;
    const error =
      faults.refusal(at, id, before, input.values) ??
      applyRules(row, input.values, before, context) ??
      call.org.validationRules.refusal(type, row);
    if (error) results[at] = refused(error, id);
    else changed.set(id, { row, at });
  });
  const duplicates = await findDuplicates(
    tx,
    type,
    [...changed.values()].map((c) => c.row),
    stored,
  );
  const rows: Row[] = [];
  for (const { row, at } of changed.values()) {
    const duplicate = duplicates.get(row.id);
    if (!duplicate) rows.push(row);
    results[at] = duplicate ? refused(duplicate, row.id) : saved(row.id, false);
  }
  if (rows.length > 0) await updateRows(tx, type, rows);
  return changes.map(
    (c, at) => results[at] ?? refused(rowError('UNKNOWN_EXCEPTION', 'the record was not processed'), c.id),
  );
}

/** The records that a write means, by the ids it was given. */
export class Targets {
  private readonly ids: (string | undefined)[];
  private readonly firstAt = new Map<string, number>();

  constructor(
    private readonly type: ObjectType,
    private readonly sent: string[],
  ) {
    this.ids = sent.map((s) => {
      const id = to18(s);
      return id?.startsWith(type.prefix) ? id : undefined;
    });
    this.ids.forEach((id, at) => {
      if (id !== undefined && !this.firstAt.has(id)) this.firstAt.set(id, at);
    });
  }

  at(at: number): string | undefined {
    return this.ids[at];
  }

  valid(): string[] {
    return [...this.firstAt.keys()];
  }

  problem(at: number, stored: Row | undefined): RowError | undefined {
    const id = this.ids[at];
    if (this.sent[at] === '') return rowError('MISSING_ARGUMENT', 'Id not specified in an update call');
    if (id === undefined) {
      return rowError('MALFORMED_ID', `${this.type.label} ID: id value of incorrect type: ${this.sent[at] ?? ''}`, [
        'Id',
      ]);
    }
    if (this.firstAt.get(id) !== at) return rowError('DUPLICATE_VALUE', `duplicate id in list: ${id}`, ['Id']);
    if (!stored) return rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    if (stored['is_deleted'] === true) return rowError('ENTITY_IS_DELETED', 'entity is deleted');
    return undefined;
  }
}

/** Reads the rows and keeps others from writing them until the transaction ends; in id order, so that no two writers wait for each other. */
export async function lockRows(tx: pg.PoolClient, type: ObjectType, ids: string[]): Promise<Map<string, Row>> {
  const { rows } = await tx.query<Row>(
    `SELECT * FROM ${type.table} WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function findDuplicates(
  tx: pg.PoolClient,
  type: ObjectType,
  rows: Row[],
  stored: Map<string, Row>,
): Promise<Map<string, RowError>> {
  const errors = new Map<string, RowError>();
  const field = uniqueField(type);
  if (!field) return errors;
  const moved = rows.filter(
    (r) => uniqueKey(r, field) !== '' && uniqueKey(r, field) !== uniqueKey(stored.get(r.id), field),
  );
  const holders = await holdersOf(tx, type, field, moved);
  for (const row of moved) {
    const key = uniqueKey(row, field);
    const holder = holders.get(key);
    if (holder !== undefined && holder !== row.id) errors.set(row.id, duplicateValue(field, holder));
    else holders.set(key, row.id);
  }
  return errors;
}
