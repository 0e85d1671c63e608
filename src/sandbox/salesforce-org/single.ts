import type { Answer, Call } from './call.js';
import { NO_CONTENT, ok, recordUrl } from './call.js';
import { ApiError, badJson, notFound, statusOf } from './errors.js';
import { to18 } from './ids.js';
import type { Field, ObjectType } from './objects/field.js';
import { createRecords } from './records/create.js';
import { idsByExternalId, retrieveOne } from './records/read.js';
import { deleteRecords } from './records/remove.js';
import type { SaveResult } from './records/save.js';
import { updateRecords } from './records/update.js';
import { write } from './records/write.js';

/** The resources of one record: `/sobjects/Task`, `/sobjects/Task/ID`, `/sobjects/Task/FIELD/VALUE`. */

export async function createOne(call: Call, type: ObjectType): Promise<Answer> {
  const fields = fieldsOf(call.body);
  const [result] = await write(call, 1, true, (tx) => createRecords(tx, call, type, [fields]));
  const id = succeeded(result);
  return {
    status: 201,
    body: { id, success: true, errors: [] },
    headers: { Location: recordUrl(call, type.name, id) },
  };
}

export async function getOne(call: Call, type: ObjectType, id: string): Promise<Answer> {
  return ok(await retrieveOne(call, type, id, namesOf(call)));
}

export async function updateOne(call: Call, type: ObjectType, id: string): Promise<Answer> {
  const fields = fieldsOf(call.body);
  if (Object.keys(fields).some((name) => name.toLowerCase() === 'id')) {
    throw new ApiError(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.');
  }
  await refuseIfModified(call, type, id);
  const [result] = await write(call, 1, true, (tx) => updateRecords(tx, call, type, [{ id, fields }]));
  succeeded(result);
  return NO_CONTENT;
}

export async function deleteOne(call: Call, type: ObjectType, id: string): Promise<Answer> {
  const [result] = await write(call, 1, true, (tx) => deleteRecords(tx, call, type, [id]));
  succeeded(result);
  return NO_CONTENT;
}

export async function getByExternalId(call: Call, type: ObjectType, name: string, value: string): Promise<Answer> {
  const ids = await idsWith(call, type, externalIdField(type, name), value);
  const [id, ...others] = ids;
  if (id === undefined) throw notFound();
  if (others.length > 0) return multipleChoices(call, type, ids);
  return getOne(call, type, id);
}

/** PATCH creates or updates; POST and DELETE by external id exist too, DELETE is the one in use. */
export async function upsertOne(call: Call, type: ObjectType, name: string, value: string): Promise<Answer> {
  const field = externalIdField(type, name);
  const ids = await idsWith(call, type, field, value);
  const [id, ...others] = ids;
  if (others.length > 0) return multipleChoices(call, type, ids);
  if (call.method === 'DELETE') {
    if (id === undefined) throw notFound();
    return deleteOne(call, type, id);
  }
  const fields = fieldsOf(call.body);
  if (id !== undefined) {
    const [result] = await write(call, 1, true, (tx) => updateRecords(tx, call, type, [{ id, fields }]));
    return ok({ id: succeeded(result), success: true, errors: [], created: false });
  }
  if (field.type === 'id') throw notFound();
  const row = { ...fields, [field.name]: value };
  const [result] = await write(call, 1, true, (tx) => createRecords(tx, call, type, [row]));
  return ok({ id: succeeded(result), success: true, errors: [], created: true }, 201);
}

/** A field by which records can be addressed: an external id, or Id itself. */
export function externalIdField(type: ObjectType, name: string): Field {
  const field = type.byName.get(name.toLowerCase());
  if (field && (field.externalId || field.type === 'id')) return field;
  throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);
}

async function idsWith(call: Call, type: ObjectType, field: Field, value: string): Promise<string[]> {
  const key = field.type === 'id' ? (to18(value) ?? value) : value;
  return (await idsByExternalId(call, type, field, [key])).get(key.toLowerCase()) ?? [];
}

/** The records of a request body as an object of fields. */
export function fieldsOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw badJson('Unexpected character, expected a JSON object of fields at [line:1, column:1]');
}

function namesOf(call: Call): string[] {
  return (call.query.get('fields') ?? '').split(',').filter((name) => name.trim() !== '');
}

function succeeded(result: SaveResult | undefined): string {
  const error = result?.errors[0];
  if (error) throw new ApiError(statusOf(error), error.statusCode, error.message, error.fields);
  if (result?.id === undefined) throw new ApiError(500, 'UNKNOWN_EXCEPTION', 'the record was not processed');
  return result.id;
}

function multipleChoices(call: Call, type: ObjectType, ids: string[]): Answer {
  return { status: 300, body: ids.map((id) => recordUrl(call, type.name, id)) };
}

/** `If-Unmodified-Since` on a PATCH, to the second. */
async function refuseIfModified(call: Call, type: ObjectType, idText: string): Promise<void> {
  const header = call.headers['if-unmodified-since'];
  const since = header === undefined ? NaN : Date.parse(header);
  if (Number.isNaN(since)) return;
  const { rows } = await call.db.query<{ at: Date }>(
    `SELECT last_modified_date AS at FROM ${type.table} WHERE id = $1`,
    [to18(idText) ?? ''],
  );
  const at = rows[0]?.at.getTime() ?? 0;
  if (at > since) throw new ApiError(412, 'PRECONDITION_FAILED', 'The record has been modified since the given date');
}
