import type { FieldFunctionExpression, Query } from '@jetstreamapp/soql-parser-js';
import type { Field, ObjectType } from '../objects/field.js';
import { malformed, noSuchColumn } from './errors.js';
import type { Column, Columns } from './fields.js';
import { wireSql } from './fields.js';

/** One column of a grouped or aggregated answer. */
export interface Aggregate {
  name: string;
  sql: string;
  /** The field whose kind of value it is; undefined for a number. */
  field: Field | undefined;
}

/** The fields that a query selects, in its order. */
export function selectFields(soql: string, query: Query, type: ObjectType, columns: Columns): Column[] {
  return (query.fields ?? []).flatMap((f) => {
    switch (f.type) {
      case 'Field':
        return [columns.find('objectPrefix' in f ? f.rawValue : f.field)];
      case 'FieldRelationship':
        return [columns.find([...f.relationships, f.field].join('.'))];
      case 'FieldFunctionExpression':
        return expand(soql, f, query, type, columns);
      case 'FieldSubquery':
      case 'FieldTypeof':
        throw malformed(soql, '', 'subqueries and TYPEOF in the field list are not available in this org');
    }
  });
}

function expand(soql: string, f: FieldFunctionExpression, query: Query, type: ObjectType, columns: Columns): Column[] {
  const [parameter] = f.parameters;
  const name = typeof parameter === 'string' ? parameter : '';
  // Labels and API names are the same in this org.
  if (f.functionName.toLowerCase() === 'tolabel') return [columns.find(name)];
  if (f.functionName.toUpperCase() !== 'FIELDS') throw noSuchColumn(soql, f.functionName, type.name);
  const kind = name.toUpperCase();
  if (kind !== 'STANDARD' && (query.limit ?? Infinity) > 200) {
    throw malformed(soql, '', `The SOQL FIELDS function must have a LIMIT of at most 200`);
  }
  return type.fields
    .filter((field) => kind === 'ALL' || field.custom === (kind === 'CUSTOM'))
    .map((field) => columns.find(field.name));
}

const FUNCTIONS: Record<string, (sql: string) => string> = {
  COUNT: (sql) => `count(${sql})`,
  COUNT_DISTINCT: (sql) => `count(DISTINCT ${sql})`,
  MIN: (sql) => `min(${sql})`,
  MAX: (sql) => `max(${sql})`,
  SUM: (sql) => `sum(${sql})`,
  AVG: (sql) => `avg(${sql})`,
};

export function selectAggregates(soql: string, query: Query, columns: Columns, groups: Column[]): Aggregate[] {
  let unnamed = 0;
  return (query.fields ?? []).map((f) => {
    if (f.type === 'Field') {
      const column = columns.find(f.field);
      if (!groups.some((g) => g.sql === column.sql)) {
        throw malformed(soql, f.field, `Field must be grouped or aggregated: ${f.field}`);
      }
      return { name: f.alias ?? column.field.name, sql: wireSql(column.field, column.sql), field: column.field };
    }
    const make = f.type === 'FieldFunctionExpression' ? FUNCTIONS[f.functionName.toUpperCase()] : undefined;
    if (f.type !== 'FieldFunctionExpression' || !make) {
      throw malformed(soql, '', 'only fields and COUNT, COUNT_DISTINCT, MIN, MAX, SUM, AVG can be selected here');
    }
    const [parameter] = f.parameters;
    const column = columns.find(typeof parameter === 'string' ? parameter : '');
    const value = make(column.sql);
    const isExtreme = value.startsWith('min') || value.startsWith('max');
    let { alias } = f;
    if (alias === undefined) {
      alias = `expr${unnamed}`;
      unnamed += 1;
    }
    return isExtreme
      ? { name: alias, sql: wireSql(column.field, value), field: column.field }
      : { name: alias, sql: `${value}::double precision`, field: undefined };
  });
}
