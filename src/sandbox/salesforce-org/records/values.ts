import type { RowError } from '../errors.js';
import { ApiError, badJson, rowError } from '../errors.js';
import { to18 } from '../ids.js';
import { isTextual } from '../objects/field.js';
import type { Field, ObjectType } from '../objects/field.js';
import { parseDate, parseStamp, wholeSeconds } from '../time.js';

/** The fields that a request sets on one record, by field name as the org spells it. */
export type Values = Map<string, unknown>;

export interface Input {
  values: Values;
  error: RowError | undefined;
}

const NOT_FIELDS = new Set(['attributes', 'id']);

/**
 * Reads the fields of one record as sent. An unknown field or a value of the wrong kind refuses the whole request, as
 * it does in Salesforce, where the record cannot even be built; what a rule forbids is an error of that record alone.
 */
export function readInput(type: ObjectType, sent: Record<string, unknown>, mode: 'create' | 'update'): Input {
  const values: Values = new Map();
  let error: RowError | undefined;
  for (const [name, raw] of Object.entries(sent)) {
    if (name.toLowerCase() === 'id' && raw != null && mode === 'create') {
      error ??= rowError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
    }
    if (NOT_FIELDS.has(name.toLowerCase())) continue;
    const field = type.byName.get(name.toLowerCase());
    if (!field) throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${type.name}`);
    const value = toValue(field, raw);
    error ??= check(field, value, mode);
    values.set(field.name, value);
  }
  return { values, error };
}

function toValue(field: Field, raw: unknown): unknown {
  if (raw === null || raw === undefined) return field.type === 'boolean' ? false : null;
  if (isTextual(field.type)) {
    if (typeof raw !== 'string') throw wrongKind('string', raw);
    return normaliseText(raw);
  }
  switch (field.type) {
    case 'boolean':
      if (typeof raw === 'boolean') return raw;
      throw wrongKind('boolean', raw);
    case 'int':
      if (typeof raw === 'number' && Number.isInteger(raw)) return raw;
      throw wrongKind('int', raw);
    case 'double':
    case 'currency':
      if (typeof raw === 'number') return raw;
      throw wrongKind('double', raw);
    case 'date': {
      // A datetime is taken for its date as it is written: no zone moves it.
      const date = typeof raw === 'string' ? parseDate(raw.slice(0, 10)) : undefined;
      if (date !== undefined && typeof raw === 'string' && (raw.length === 10 || parseStamp(raw))) return date;
      throw wrongKind('date', raw);
    }
    case 'datetime': {
      const at = typeof raw === 'string' ? parseStamp(raw) : undefined;
      if (at) return wholeSeconds(at);
      throw wrongKind('datetime', raw);
    }
    default:
      if (typeof raw !== 'string') throw wrongKind('string', raw);
      return raw.trim() === '' ? null : raw.trim();
  }
}

/** What Salesforce does to text before it stores it. */
export function normaliseText(text: string): string | null {
  const kept = text.replace(/\r\n?/g, '\n').replaceAll('\u0000', '').trim();
  return kept === '' ? null : kept;
}

function check(field: Field, value: unknown, mode: 'create' | 'update'): RowError | undefined {
  if (mode === 'create' ? !field.createable : !field.updateable) {
    return rowError(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      [field.name],
    );
  }
  if (value === null) {
    if (field.nillable || (field.defaulted && mode === 'create')) return undefined;
    return requiredMissing([field.name]);
  }
  if (field.type === 'reference') {
    if (typeof value === 'string' && to18(value) !== undefined) return undefined;
    return rowError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${text(value)}`, [field.name]);
  }
  if (typeof value !== 'string' || !isTextual(field.type)) return undefined;
  if (value.length > field.length) {
    return rowError('STRING_TOO_LONG', `${field.label}: data value too large: ${value} (max length=${field.length})`, [
      field.name,
    ]);
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    return rowError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
  }
  if (field.restricted && !field.picklist.some((p) => p.value === value)) return badPicklistValue(field, value);
  return undefined;
}

export function badPicklistValue(field: Field, value: string): RowError {
  return rowError(
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `${field.label}: bad value for restricted picklist field: ${value}`,
    [field.name],
  );
}

export function requiredMissing(fields: string[]): RowError {
  return rowError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, fields);
}

function wrongKind(wanted: string, raw: unknown): ApiError {
  const kind = typeof raw === 'string' ? 'VALUE_STRING' : typeof raw === 'number' ? 'VALUE_NUMBER' : 'START_OBJECT';
  return badJson(
    `Cannot deserialize instance of ${wanted} from ${kind} value ${text(raw)} or request may be missing a required field at [line:1, column:1]`,
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
