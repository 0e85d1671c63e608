import type { SessionUser } from '../oauth/sessions.js';
import { to18 } from '../ids.js';
import { isTextual } from '../objects/field.js';
import type { Field } from '../objects/field.js';
import { parseDate, parseStamp, wholeSeconds } from '../time.js';
import { malformed, soqlError } from './errors.js';
import type { Column, Columns } from './fields.js';
import { dateLiteral, likePattern, momentsOf, unquote } from './literals.js';
import type { Literal, Test, Tree } from './parse.js';

/** Collects the values of a statement; they never become part of its text. */
export class Params {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

export interface ConditionContext {
  soql: string;
  columns: Columns;
  params: Params;
  now: Date;
  user: SessionUser;
  /** Compiles `SELECT Id FROM Lead …` to SQL with the same params. */
  subquery: (test: Test) => string;
}

/**
 * SOQL knows no third truth value: a comparison with null is false, and its negation true. Under NOT every test is
 * made two-valued; elsewhere SQL's null already filters, and the plain form lets an index serve it.
 */
export function conditionSql(tree: Tree, context: ConditionContext, negated = false): string {
  switch (tree.kind) {
    case 'and':
    case 'or':
      return `(${tree.parts.map((p) => conditionSql(p, context, negated)).join(` ${tree.kind.toUpperCase()} `)})`;
    case 'not':
      return `(NOT ${conditionSql(tree.part, context, true)})`;
    case 'test': {
      const sql = testSql(tree.test, context);
      return negated ? `((${sql}) IS TRUE)` : `(${sql})`;
    }
  }
}

function testSql(test: Test, context: ConditionContext): string {
  const column = context.columns.find(test.field);
  const { operator } = test;
  if (column.field.type === 'textarea') {
    const name = column.path.join('.');
    throw soqlError('INVALID_FIELD', context.soql, name, `field '${name}' can not be filtered in a query call`);
  }
  if (test.subquery) {
    if (operator === 'IN') return `${column.sql} IN (${context.subquery(test)})`;
    if (operator === 'NOT IN') return `${column.sql} NOT IN (${context.subquery(test)})`;
    throw malformed(context.soql, '', 'a subquery needs IN or NOT IN');
  }
  switch (operator) {
    case 'IN':
      return membership(column, test.values, context);
    case 'NOT IN':
      return `NOT ((${membership(column, test.values, context)}) IS TRUE)`;
    case 'LIKE':
      return like(column, test.values[0], context);
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(column, operator, test.values[0], context);
    default:
      throw soqlError('INVALID_FIELD', context.soql, test.field, `invalid operator on ${column.field.type} field`);
  }
}

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

function comparison(
  column: Column,
  operator: Comparison,
  literal: Literal | undefined,
  context: ConditionContext,
): string {
  if (!literal) throw malformed(context.soql, '', 'a comparison needs a value');
  const isEmptyText = literal.type === 'STRING' && isTextual(column.field.type) && unquote(literal.text) === '';
  if (literal.type === 'NULL' || isEmptyText) {
    if (operator === '=') return `${column.sql} IS NULL`;
    if (operator === '!=') return `${column.sql} IS NOT NULL`;
    return 'false';
  }
  if (literal.type === 'DATE_LITERAL' || literal.type === 'DATE_N_LITERAL') {
    return dateRange(column, operator, literal, context);
  }
  const value = context.params.add(valueOf(column, literal, context));
  // A row without a value is different from any value.
  if (operator === '!=') return `${comparable(column)} IS DISTINCT FROM ${compared(column, value)}`;
  return `${comparable(column)} ${operator} ${compared(column, value)}`;
}

function dateRange(column: Column, operator: Comparison, literal: Literal, context: ConditionContext): string {
  const { type } = column.field;
  if (type !== 'date' && type !== 'datetime') throw wrongType(column, literal, context);
  const range = dateLiteral(literal.text, { now: context.now, timeZone: context.user.timeZone });
  if (!range) throw malformed(context.soql, literal.text, `unexpected token: '${literal.text}'`);
  const bounds = type === 'date' ? range : momentsOf(range, context.user.timeZone);
  const cast = type === 'date' ? 'date' : 'timestamptz';
  const from = (): string => `${context.params.add(bounds.from)}::${cast}`;
  const until = (): string => `${context.params.add(bounds.until)}::${cast}`;
  switch (operator) {
    case '=':
      return `${column.sql} >= ${from()} AND ${column.sql} < ${until()}`;
    case '!=':
      return `(${column.sql} >= ${from()} AND ${column.sql} < ${until()}) IS NOT TRUE`;
    case '<':
      return `${column.sql} < ${from()}`;
    case '<=':
      return `${column.sql} < ${until()}`;
    case '>':
      return `${column.sql} >= ${until()}`;
    case '>=':
      return `${column.sql} >= ${from()}`;
  }
}

function membership(column: Column, literals: Literal[], context: ConditionContext): string {
  const values = literals.filter((l) => l.type !== 'NULL').map((l) => valueOf(column, l, context));
  const parts: string[] = [];
  if (values.length > 0) {
    const cast = arrayCast(column.field);
    const list = isTextual(column.field.type)
      ? values.map((v) => (typeof v === 'string' ? v.toLowerCase() : v))
      : values;
    parts.push(`${comparable(column)} = ANY(${context.params.add(list)}::${cast})`);
  }
  if (values.length < literals.length) parts.push(`${column.sql} IS NULL`);
  return parts.join(' OR ') || 'false';
}

function like(column: Column, literal: Literal | undefined, context: ConditionContext): string {
  if (!isTextual(column.field.type)) {
    throw soqlError(
      'INVALID_FIELD',
      context.soql,
      column.path.join('.'),
      `invalid operator on ${column.field.type} field`,
    );
  }
  if (literal?.type !== 'STRING') throw malformed(context.soql, '', 'LIKE needs a string');
  return `${column.sql} ILIKE ${context.params.add(likePattern(literal.text))}`;
}

/** Text compares without case; everything else as it is. */
function comparable(column: Column): string {
  return isTextual(column.field.type) ? `lower(${column.sql})` : column.sql;
}

function compared(column: Column, param: string): string {
  return isTextual(column.field.type) ? `lower(${param}::text)` : `${param}::${scalarCast(column.field)}`;
}

function scalarCast(field: Field): string {
  return arrayCast(field).replace('[]', '');
}

function arrayCast(field: Field): string {
  switch (field.type) {
    case 'boolean':
      return 'boolean[]';
    case 'int':
    case 'double':
    case 'currency':
      return 'double precision[]';
    case 'date':
      return 'date[]';
    case 'datetime':
      return 'timestamptz[]';
    default:
      return 'text[]';
  }
}

function valueOf(column: Column, literal: Literal, context: ConditionContext): unknown {
  const { type } = column.field;
  switch (type) {
    case 'id':
    case 'reference':
      if (literal.type === 'STRING') return idOf(column, literal, context);
      break;
    case 'boolean':
      if (literal.type === 'BOOLEAN') return literal.text.toUpperCase() === 'TRUE';
      break;
    case 'int':
    case 'double':
    case 'currency':
      if (literal.type === 'INTEGER' || literal.type === 'DECIMAL') return Number(literal.text);
      break;
    case 'date':
      if (literal.type === 'DATE') {
        const date = parseDate(literal.text);
        if (date !== undefined) return date;
        throw malformed(context.soql, literal.text, `Invalid date: ${literal.text}`);
      }
      break;
    case 'datetime':
      if (literal.type === 'DATETIME') {
        const at = parseStamp(literal.text);
        if (at) return wholeSeconds(at);
        throw malformed(context.soql, literal.text, `Invalid datetime: ${literal.text}`);
      }
      break;
    default:
      if (literal.type === 'STRING') return unquote(literal.text);
  }
  throw wrongType(column, literal, context);
}

function idOf(column: Column, literal: Literal, context: ConditionContext): string {
  const text = unquote(literal.text);
  const id = to18(text);
  if (id !== undefined) return id;
  throw soqlError('INVALID_QUERY_FILTER_OPERATOR', context.soql, column.path.join('.'), `invalid ID field: ${text}`);
}

function wrongType(column: Column, literal: Literal, context: ConditionContext): Error {
  const name = column.path.join('.');
  const { type } = column.field;
  const wanted =
    type === 'datetime' ? 'dateTime' : isTextual(type) || type === 'reference' || type === 'id' ? 'string' : type;
  const quoting = wanted === 'string' ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
  return soqlError(
    'INVALID_FIELD',
    context.soql,
    name,
    `value of filter criterion for field '${name}' must be of type ${wanted} and ${quoting}`,
  );
}
