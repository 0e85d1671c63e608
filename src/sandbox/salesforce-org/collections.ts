import type { Answer, Call } from './call.js';
import { ok } from './call.js';
import { ApiError, badJson, rowError } from './errors.js';
import { prefixOf } from './ids.js';
import type { ObjectType } from './objects/field.js';
import { createRecords } from './records/create.js';
import { idsByExternalId, retrieveMany } from './records/read.js';
import { deleteRecords } from './records/remove.js';
import { collectionResult, refused } from './records/save.js';
import type { SaveResult } from './records/save.js';
import { updateRecords } from './records/update.js';
import { write } from './records/write.js';
import { externalIdField, fieldsOf } from './single.js';
import type pg from 'pg';

const MAX_RECORDS = 200;
const MAX_RETRIEVED = 2000;

type Fields = Record<string, unknown>;

interface Batch {
  allOrNone: boolean;
  records: { type: ObjectType; fields: Fields }[];
}

export async function createCollection(call: Call): Promise<Answer> {
  const batch = batchOf(call);
  const results = await writeByType(call, batch, (tx, type, records) => createRecords(tx, call, type, records));
  return ok(results.map((r) => collectionResult(r, false)));
}

export async function updateCollection(call: Call): Promise<Answer> {
  const batch = batchOf(call);
  const results = await writeByType(call, batch, (tx, type, records) =>
    updateRecords(
      tx,
      call,
      type,
      records.map((fields) => ({ id: idOf(fields), fields })),
    ),
  );
  return ok(results.map((r) => collectionResult(r, false)));
}

/** `?ids=a,b,c&allOrNone=true` */
export async function deleteCollection(call: Call): Promise<Answer> {
  const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  tooMany(ids.length, MAX_RECORDS);
  if (ids.length === 0) throw new ApiError(400, 'REQUIRED_FIELD_MISSING', 'The ids parameter is required');
  const types = ids.map((id) => call.org.catalogue.ofId(prefixOf(id)) ?? call.org.catalogue.get('Task'));
  const allOrNone = call.query.get('allOrNone') === 'true';
  const records = ids.map((id, at) => ({ type: types[at] ?? call.org.catalogue.get('Task'), fields: { id } }));
  const results = await writeByType(call, { allOrNone, records }, (tx, type, part) =>
    deleteRecords(tx, call, type, part.map(idOf)),
  );
  return ok(results.map((r) => collectionResult(r, false)));
}

export async function upsertCollection(call: Call, type: ObjectType, fieldName: string): Promise<Answer> {
  const batch = batchOf(call);
  const field = externalIdField(type, fieldName);
  const other = batch.records.find((r) => r.type !== type);
  if (other) throw new ApiError(400, 'INVALID_TYPE', `records of type ${other.type.name} in an upsert of ${type.name}`);
  const results = await writeByType(call, batch, async (tx, _, records) => {
    const keys = records.map((fields) => valueOf(fields, field.name));
    const existing = await idsByExternalId({ ...call, db: tx }, type, field, keys);
    const plan = records.map((fields, at) => planUpsert(fields, field.name, keys, at, existing));
    const creates = plan.flatMap((p) => (p.kind === 'create' ? [p.fields] : []));
    const updates = plan.flatMap((p) => (p.kind === 'update' ? [{ id: p.id, fields: p.fields }] : []));
    const created = creates.length > 0 ? await createRecords(tx, call, type, creates) : [];
    const updated = updates.length > 0 ? await updateRecords(tx, call, type, updates) : [];
    return plan.map((p) => {
      if (p.kind === 'refuse') return p.result;
      return (p.kind === 'create' ? created.shift() : updated.shift()) ?? unprocessed();
    });
  });
  return ok(results.map((r) => collectionResult(r, true)));
}

type Plan =
  | { kind: 'create'; fields: Fields }
  | { kind: 'update'; id: string; fields: Fields }
  | { kind: 'refuse'; result: SaveResult };

function planUpsert(fields: Fields, name: string, keys: string[], at: number, existing: Map<string, string[]>): Plan {
  const key = keys[at] ?? '';
  const refuse = (code: string, message: string): Plan => ({
    kind: 'refuse',
    result: refused(rowError(code, message, [name])),
  });
  if (key === '') return refuse('MISSING_ARGUMENT', `${name} not specified`);
  if (keys.some((k, i) => i !== at && k.toLowerCase() === key.toLowerCase())) {
    return refuse('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`);
  }
  const [id, ...others] = existing.get(key.toLowerCase()) ?? [];
  if (others.length > 0)
    return refuse(
      'DUPLICATE_EXTERNAL_ID',
      `${name}: more than one record found for external id field: [${[id, ...others].join(', ')}]`,
    );
  if (id === undefined) return { kind: 'create', fields };
  // The key found the record; it need not be written again.
  const rest = Object.fromEntries(Object.entries(fields).filter(([k]) => k.toLowerCase() !== name.toLowerCase()));
  return { kind: 'update', id, fields: rest };
}

/** Up to 2,000 records by id, in the order asked for. */
export async function retrieveCollection(call: Call, type: ObjectType): Promise<Answer> {
  const body = call.method === 'GET' ? fromQuery(call) : fieldsOf(call.body);
  const { ids, fields } = body as { ids?: unknown; fields?: unknown };
  if (!isTexts(ids) || ids.length === 0) throw badJson('ids: a list of record ids is required');
  if (!isTexts(fields) || fields.length === 0) {
    throw new ApiError(400, 'MISSING_ARGUMENT', 'The fields parameter is required');
  }
  tooMany(ids.length, MAX_RETRIEVED);
  return ok(await retrieveMany(call, type, ids, fields));
}

function fromQuery(call: Call): unknown {
  const list = (name: string): string[] => (call.query.get(name) ?? '').split(',').filter((v) => v !== '');
  return { ids: list('ids'), fields: list('fields') };
}

/** Runs the records of each object together and puts the results back into the order of the request. */
async function writeByType(
  call: Call,
  batch: Batch,
  work: (tx: pg.PoolClient, type: ObjectType, records: Fields[]) => Promise<SaveResult[]>,
): Promise<SaveResult[]> {
  return write(call, batch.records.length, batch.allOrNone, async (tx) => {
    const results: SaveResult[] = [];
    for (const type of new Set(batch.records.map((r) => r.type))) {
      const places = batch.records.flatMap((r, at) => (r.type === type ? [at] : []));
      const part = await work(
        tx,
        type,
        places.map((at) => batch.records[at]?.fields ?? {}),
      );
      places.forEach((at, i) => (results[at] = part[i] ?? unprocessed()));
    }
    return results;
  });
}

function batchOf(call: Call): Batch {
  const { records, allOrNone } = fieldsOf(call.body);
  if (!Array.isArray(records)) throw badJson('records: a list of records is required');
  tooMany(records.length, MAX_RECORDS);
  return {
    allOrNone: allOrNone === true,
    records: records.map((record: unknown) => {
      const fields = fieldsOf(record);
      const { type: name } = fieldsOf(fields['attributes'] ?? {});
      const type = typeof name === 'string' ? call.org.catalogue.find(name) : undefined;
      if (!type) throw new ApiError(400, 'INVALID_TYPE', `sObject type '${String(name)}' is not supported.`);
      return { type, fields };
    }),
  };
}

function tooMany(count: number, max: number): void {
  if (count > max)
    throw new ApiError(
      400,
      'EXCEEDED_MAX_SIZE_REQUEST',
      `record limit reached. cannot submit more than ${max} records into this call`,
    );
}

const unprocessed = (): SaveResult => refused(rowError('UNKNOWN_EXCEPTION', 'the record was not processed'));

function valueOf(fields: Fields, name: string): string {
  const entry = Object.entries(fields).find(([k]) => k.toLowerCase() === name.toLowerCase());
  return typeof entry?.[1] === 'string' ? entry[1] : '';
}

const idOf = (fields: Fields): string => valueOf(fields, 'id');

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((v) => typeof v === 'string');
}
