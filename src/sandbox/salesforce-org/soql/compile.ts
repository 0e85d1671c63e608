import type { OrderByClause, Query } from '@jetstreamapp/soql-parser-js';
import type { Catalogue } from '../objects/catalogue.js';
import { isTextual } from '../objects/field.js';
import type { ObjectType } from '../objects/field.js';
import type { SessionUser } from '../oauth/sessions.js';
import { lowerBounds } from './bounds.js';
import { conditionSql, Params } from './conditions.js';
import { malformed, noSuchType, soqlError } from './errors.js';
import { Columns, wireSql } from './fields.js';
import type { Column } from './fields.js';
import { parseSoql, whereTree } from './parse.js';
import type { Test } from './parse.js';
import { selectAggregates, selectFields } from './select.js';
import type { Aggregate } from './select.js';

export interface QueryContext {
  catalogue: Catalogue;
  user: SessionUser;
  now: Date;
  /** queryAll: deleted and archived rows too. */
  includeDeleted: boolean;
}

/** A query as parts of a SQL statement; values are in `params`, in order. */
export interface Compiled {
  type: ObjectType;
  shape: 'records' | 'count' | 'aggregate';
  columns: Column[];
  aggregates: Aggregate[];
  from: string;
  where: string;
  groupBy: string;
  orderBy: string;
  limit: number | undefined;
  offset: number;
  params: unknown[];
}

const MAX_OFFSET = 2000;

export function compile(soql: string, context: QueryContext): Compiled {
  const query = parseSoql(soql);
  return compileQuery(soql, query, context, new Params());
}

function compileQuery(soql: string, query: Query, context: QueryContext, params: Params): Compiled {
  const name = query.sObject ?? '';
  const type = context.catalogue.find(name);
  if (!type) throw noSuchType(soql, name);
  const aliases = [query.sObjectAlias, name].flatMap((a) => (a === undefined ? [] : [a.toLowerCase()]));
  const columns = new Columns(context.catalogue, type, soql, aliases);
  const offset = query.offset ?? 0;
  if (offset > MAX_OFFSET) {
    throw soqlError('NUMBER_OUTSIDE_VALID_RANGE', soql, '', 'Maximum SOQL offset allowed is 2000');
  }
  const fields = query.fields ?? [];
  const groupBy = list(query.groupBy).map((g) => {
    if (!('field' in g)) throw malformed(soql, '', 'GROUP BY takes fields only in this org');
    return columns.find(g.field);
  });
  const isCount = fields.some((f) => f.type === 'FieldFunctionExpression' && f.rawValue?.toLowerCase() === 'count()');
  const isAggregate = groupBy.length > 0 || fields.some((f) => f.type === 'FieldFunctionExpression' && f.isAggregateFn);
  const shape = isCount ? 'count' : isAggregate ? 'aggregate' : 'records';
  return {
    type,
    shape,
    columns: shape === 'records' ? selectFields(soql, query, type, columns) : [],
    aggregates: shape === 'aggregate' ? selectAggregates(soql, query, columns, groupBy) : [],
    from: `${type.table} t`,
    where: whereSql(soql, query, type, columns, context, params),
    groupBy: groupBy.map((c) => c.sql).join(', '),
    orderBy: shape === 'records' ? orderSql(soql, list(query.orderBy), columns) : '',
    limit: query.limit,
    offset,
    params: params.values,
  };
}

function whereSql(
  soql: string,
  query: Query,
  type: ObjectType,
  columns: Columns,
  context: QueryContext,
  params: Params,
): string {
  const parts: string[] = [];
  if (!context.includeDeleted) {
    if (type.deletable) parts.push('NOT t.is_deleted');
    if (type.byName.has('isarchived')) parts.push('NOT t.is_archived');
  }
  if (!context.user.viewAllData && type.hasOwner) parts.push(`t.owner_id = ${params.add(context.user.id)}`);
  if (type.ofRunningUser) parts.push(`t.id = ${params.add(context.user.id)}`);
  if (query.where) {
    const tree = whereTree(soql, query.where);
    const subquery = (test: Test): string => subquerySql(soql, test, context, params);
    const conditions = { soql, columns, params, now: context.now, user: context.user, subquery };
    parts.push(conditionSql(tree, conditions));
    const [first] = list(query.orderBy);
    if (first && 'field' in first && tree.kind !== 'test') {
      for (const text of lowerBounds(tree, first.field)) {
        const literal = { type: text.startsWith("'") ? 'STRING' : 'DATETIME', text };
        const test: Test = { field: first.field, operator: '>=', values: [literal] };
        parts.push(conditionSql({ kind: 'test', test }, conditions));
      }
    }
  }
  return parts.join(' AND ') || 'true';
}

function subquerySql(soql: string, test: Test, context: QueryContext, params: Params): string {
  const inner = compileQuery(soql, test.subquery ?? {}, context, params);
  const [column] = inner.columns;
  if (!column || inner.columns.length > 1) {
    throw malformed(soql, '', 'the inner select must select exactly one field');
  }
  // The outer statement calls its table t as well; the innermost name wins, which is what is meant here.
  return `SELECT ${column.sql} FROM ${inner.from} WHERE ${inner.where} AND ${column.sql} IS NOT NULL`;
}

function orderSql(soql: string, order: OrderByClause[], columns: Columns): string {
  const parts = order.map((o) => {
    if (!('field' in o)) throw malformed(soql, '', 'ORDER BY takes fields only in this org');
    const { field, sql } = columns.find(o.field);
    if (field.type === 'textarea') {
      throw soqlError('INVALID_FIELD', soql, o.field, `field '${field.name}' can not be sorted in a query call`);
    }
    const expression = isTextual(field.type) ? `lower(${sql})` : sql;
    const direction = o.order === 'DESC' ? ' DESC' : '';
    // Left out where no row is without a value, so that an index on the column gives the order.
    const nulls = field.nillable ? ` NULLS ${o.nulls ?? 'FIRST'}` : '';
    return `${expression}${direction}${nulls}`;
  });
  // Ties in a fixed order: a query asked twice gives the same pages.
  if (!order.some((o) => 'field' in o && o.field.toLowerCase() === 'id')) parts.push('t.id');
  return parts.join(', ');
}

/** `SELECT` list of a record query, each value in the form in which it is answered. */
export function selectList(columns: Column[]): string {
  return columns
    .flatMap((c) => [wireSql(c.field, c.sql), ...(c.via === undefined ? [] : [c.via])])
    .map((sql, i) => `${sql} AS c${i}`)
    .join(', ');
}

function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
