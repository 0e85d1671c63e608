import type { Call } from '../call.js';
import { ApiError, notFound } from '../errors.js';
import { to18 } from '../ids.js';
import type { Field, ObjectType } from '../objects/field.js';
import { selectList } from '../soql/compile.js';
import { Columns } from '../soql/fields.js';
import type { Column } from '../soql/fields.js';
import { toRecord } from './shape.js';

export function objectOf(call: Call, name: string | undefined): ObjectType {
  const type = call.org.catalogue.find(name ?? '');
  if (!type) throw notFound();
  return type;
}

/** The fields that a request asks for by name; all of them when it names none. */
export function columnsOf(call: Call, type: ObjectType, names: string[]): Column[] {
  const columns = new Columns(call.org.catalogue, type, names.join(','), [type.name.toLowerCase()]);
  if (names.length === 0) return type.fields.map((f) => columns.find(f.name));
  return names.map((name) => {
    try {
      return columns.find(name.trim());
    } catch {
      throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${type.name}`);
    }
  });
}

/** GET of one record by id. */
export async function retrieveOne(call: Call, type: ObjectType, idText: string, names: string[]): Promise<unknown> {
  const id = to18(idText);
  if (id === undefined || !id.startsWith(type.prefix)) {
    throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${idText}`);
  }
  const columns = columnsOf(call, type, names);
  const { rows } = await call.db.query<unknown[]>({
    text: `SELECT t.id, ${selectList(columns)}, t.is_deleted AS gone FROM ${type.table} t WHERE t.id = $1${ownRowsOnly(call, type)}`,
    values: [id],
    rowMode: 'array',
  });
  const [row] = rows;
  if (!row) throw notFound();
  if (row.at(-1) === true) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  return toRecord(call, { type, columns }, row);
}

/** Records by id in the order asked for, null for each that is missing, deleted or not visible. */
export async function retrieveMany(call: Call, type: ObjectType, ids: string[], names: string[]): Promise<unknown[]> {
  const columns = columnsOf(call, type, names);
  const wanted = ids.map((text) => {
    const id = to18(text);
    if (id === undefined) throw new ApiError(400, 'MALFORMED_ID', `malformed id ${text}`);
    return id;
  });
  const { rows } = await call.db.query<unknown[]>({
    text:
      `SELECT t.id, ${selectList(columns)} FROM ${type.table} t ` +
      `WHERE t.id = ANY($1::text[]) AND NOT t.is_deleted${ownRowsOnly(call, type)}`,
    values: [wanted],
    rowMode: 'array',
  });
  const found = new Map(rows.map((row) => [String(row[0]), row]));
  return wanted.map((id) => {
    const row = found.get(id);
    return row ? toRecord(call, { type, columns }, row) : null;
  });
}

/** The id of the record with this external id; several when the field is not unique. */
export async function idsByExternalId(
  call: Call,
  type: ObjectType,
  field: Field,
  values: string[],
): Promise<Map<string, string[]>> {
  const column = field.inCustomJson ? `custom->>'${field.column}'` : field.column;
  const { rows } = await call.db.query<{ id: string; key: string }>(
    `SELECT id, lower(${column}) AS key FROM ${type.table}
     WHERE lower(${column}) = ANY($1::text[]) AND NOT is_deleted ORDER BY id`,
    [values.map((v) => v.toLowerCase())],
  );
  const found = new Map<string, string[]>();
  for (const { id, key } of rows) found.set(key, [...(found.get(key) ?? []), id]);
  return found;
}

function ownRowsOnly(call: Call, type: ObjectType): string {
  if (call.user.viewAllData || !type.hasOwner) return '';
  // An id of our own tables, never text from a request.
  return ` AND t.owner_id = '${call.user.id}'`;
}
