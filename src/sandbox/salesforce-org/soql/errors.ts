import { ApiError } from '../errors.js';

/** A SOQL error with the place it is at, in Salesforce's form: the line, a caret, the position, the message. */
export function soqlError(code: string, soql: string, at: string, message: string): ApiError {
  const position = at === '' ? -1 : positionOf(soql, at);
  if (position < 0) return new ApiError(400, code, message);
  const before = soql.slice(0, position).split('\n');
  const line = soql.split('\n')[before.length - 1] ?? '';
  const column = (before.at(-1) ?? '').length;
  // Salesforce shows the neighbourhood, not the whole of a long query.
  const from = Math.max(0, column - 40);
  const excerpt = line.slice(from, column + 40);
  return new ApiError(
    400,
    code,
    `\n${excerpt}\n${' '.repeat(column - from)}^\nERROR at Row:${before.length}:Column:${column + 1}\n${message}`,
  );
}

export function malformed(soql: string, at: string, message: string): ApiError {
  return soqlError('MALFORMED_QUERY', soql, at, message);
}

export function noSuchColumn(soql: string, column: string, entity: string): ApiError {
  return soqlError(
    'INVALID_FIELD',
    soql,
    column,
    `No such column '${column}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

export function noSuchType(soql: string, name: string): ApiError {
  return soqlError(
    'INVALID_TYPE',
    soql,
    name,
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

function positionOf(soql: string, word: string): number {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w])`, 'i').exec(soql)?.index ?? -1;
}
