import type { Catalogue } from '../objects/catalogue.js';
import { sqlType } from '../objects/field.js';
import type { Field, ObjectType } from '../objects/field.js';
import { stampFromText } from '../time.js';
import { noSuchColumn, noSuchType } from './errors.js';

/** A field that a query names, found on the object itself or across one relationship (`Who.Name`). */
export interface Column {
  /** Names as the org spells them, whatever the case in the query: ['Who', 'Name'] or ['Subject']. */
  path: string[];
  /** What it compares as. */
  field: Field;
  /** Its raw value in SQL. */
  sql: string;
  /** For a relationship: the SQL of the id it follows. */
  via?: string;
}

export class Columns {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly type: ObjectType,
    private readonly soql: string,
    private readonly aliases: string[],
    private readonly table = 't',
  ) {}

  find(name: string): Column {
    const path = name.split('.');
    const first = path[0]?.toLowerCase() ?? '';
    if (path.length > 1 && this.aliases.includes(first)) path.shift();
    const [head = '', tail, ...more] = path;
    if (more.length > 0) throw noSuchColumn(this.soql, name, this.type.name);
    if (tail !== undefined) return this.related(head, tail);
    const field = this.type.byName.get(head.toLowerCase());
    if (!field) throw noSuchColumn(this.soql, head, this.type.name);
    return { path: [field.name], field, sql: columnSql(field, this.table) };
  }

  private related(relationship: string, name: string): Column {
    const link = this.type.fields.find((f) => f.relationship?.toLowerCase() === relationship.toLowerCase());
    if (!link?.relationship) {
      throw noSuchType(this.soql, `${relationship}.${name}`);
    }
    const via = columnSql(link, this.table);
    if (name.toLowerCase() === 'type' && link.referenceTo.length > 1) {
      return { path: [link.relationship, 'Type'], field: TYPE_NAME, sql: this.typeOf(via, link), via };
    }
    const found = link.referenceTo.flatMap((target) => {
      const type = this.catalogue.get(target);
      const field = type.byName.get(name.toLowerCase());
      return field
        ? [{ field, sql: `(SELECT ${columnSql(field, 'r')} FROM ${type.table} r WHERE r.id = ${via})` }]
        : [];
    });
    const [one] = found;
    if (!one) throw noSuchColumn(this.soql, name, link.referenceTo.length > 1 ? 'Name' : (link.referenceTo[0] ?? ''));
    const sql = found.length === 1 ? one.sql : `COALESCE(${found.map((f) => f.sql).join(', ')})`;
    return { path: [link.relationship, one.field.name], field: { ...one.field, nillable: true }, sql, via };
  }

  private typeOf(via: string, link: Field): string {
    const cases = link.referenceTo.map((t) => `WHEN '${this.catalogue.get(t).prefix}' THEN '${t}'`);
    return `CASE left(${via}, 3) ${cases.join(' ')} END`;
  }
}

const TYPE_NAME: Field = {
  name: 'Type',
  label: 'Type',
  type: 'picklist',
  column: '',
  inCustomJson: false,
  length: 40,
  nillable: true,
  createable: false,
  updateable: false,
  defaulted: false,
  referenceTo: [],
  relationship: null,
  picklist: [],
  restricted: false,
  externalId: false,
  unique: false,
  custom: false,
};

export function columnSql(field: Field, table: string): string {
  if (!field.inCustomJson) return `${table}.${field.column}`;
  // Names of custom fields are checked to be plain words when they are made.
  return `(${table}.custom->>'${field.column}')::${sqlType(field.type)}`;
}

/** SQL that fetches a value for an answer; dates and stamps as text, as a Date for each of 2,000 rows would cost too much. */
export function wireSql(field: Field, sql: string): string {
  return field.type === 'datetime' || field.type === 'date' ? `${sql}::text` : sql;
}

/** The value as it is answered. */
export function toWire(field: Field, value: unknown): unknown {
  return field.type === 'datetime' && typeof value === 'string' ? stampFromText(value) : value;
}
