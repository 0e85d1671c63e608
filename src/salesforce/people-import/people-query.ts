import type { ImportField } from '../../command-center/people/imports/import-mapping.js';
import { assertFits, dateTimeLiteral, idLiteral, likePart, nameLiteral } from '../client/soql.js';

/** As many as Salesforce answers at once. */
export const PAGE = 2_000;

export type PersonObject = 'Lead' | 'Contact';

/** Which records of an object: a condition in SOQL, and fields beside the usual ones. */
export interface PeopleQuery {
  object: PersonObject;
  where: string;
  /** API names; they become columns. */
  extra: string[];
}

export interface PeopleConditions {
  /** The Salesforce user whose records they are; null: anybody's. */
  ownerId: string | null;
  /** The condition of a list view, as Salesforce gives it. */
  listView: string | null;
  company?: string | undefined;
  title?: string | undefined;
  createdSince?: Date | undefined;
}

/** Of leads and contacts. Field-level security may hide it, and then nobody would seem to have opted out. */
export const OPT_OUT = 'HasOptedOutOfEmail';

/** What becomes a column, by its header; the field differs by object. */
const COLUMNS = [
  { header: 'Salesforce ID', as: 'salesforce_id', Lead: 'Id', Contact: 'Id' },
  { header: 'First name', as: 'first_name', Lead: 'FirstName', Contact: 'FirstName' },
  { header: 'Last name', as: 'last_name', Lead: 'LastName', Contact: 'LastName' },
  { header: 'Email', as: 'email', Lead: 'Email', Contact: 'Email' },
  { header: 'Phone', as: 'phone', Lead: 'Phone', Contact: 'Phone' },
  { header: 'Title', as: 'title', Lead: 'Title', Contact: 'Title' },
  { header: 'Company', as: 'company', Lead: 'Company', Contact: 'Account.Name' },
  { header: 'Lead source', as: 'source', Lead: 'LeadSource', Contact: 'LeadSource' },
  { header: 'Opted out', as: 'unsubscribed', Lead: OPT_OUT, Contact: OPT_OUT },
] as const satisfies readonly ({ header: string; as: ImportField } & Record<PersonObject, string>)[];

/** Pure: the columns of such an import, and what they are. Extra ones are for the person who imports to say. */
export function importColumns(): Map<string, ImportField> {
  return new Map(COLUMNS.map(({ header, as }) => [header, as]));
}

/** Pure: a condition for each object. A converted lead is a contact by now. */
export function whereOf(object: PersonObject, conditions: PeopleConditions): string {
  const { ownerId, listView, company, title, createdSince } = conditions;
  const parts = [
    ...(listView === null ? [] : [`(${listView})`]),
    ...(ownerId === null ? [] : [`OwnerId = ${idLiteral(ownerId)}`]),
    ...(object === 'Lead' ? ['IsConverted = FALSE'] : []),
    ...(company ? [`${object === 'Lead' ? 'Company' : 'Account.Name'} LIKE '%${likePart(company)}%'`] : []),
    ...(title ? [`Title LIKE '%${likePart(title)}%'`] : []),
    ...(createdSince ? [`CreatedDate >= ${dateTimeLiteral(createdSince)}`] : []),
  ];
  return parts.join(' AND ');
}

/** Pure: whether its longest page can be asked for. */
export function fits(query: PeopleQuery): boolean {
  try {
    assertFits(pageSoql(query, () => true, '0'.repeat(18), PAGE));
    return true;
  } catch {
    return false;
  }
}

/** Pure: a page of it in the order of the ids, after the one that was read last. */
export function pageSoql(
  query: PeopleQuery,
  has: (field: string) => boolean,
  after: string | null,
  limit = PAGE,
): string {
  const { object, where } = query;
  const fields = [...COLUMNS.map((column) => column[object]), ...query.extra.map(nameLiteral)].filter(has);
  const conditions = [where, after === null ? '' : `Id > ${idLiteral(after)}`].filter((part) => part !== '');
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `SELECT ${fields.join(', ')} FROM ${object}${filter} ORDER BY Id LIMIT ${limit}`;
}

export function countSoql({ object, where }: PeopleQuery): string {
  return `SELECT COUNT() FROM ${object}${where === '' ? '' : ` WHERE ${where}`}`;
}

/** Pure: the cells of a record, in the order of the headers. */
export function cellsOf({ object, extra }: PeopleQuery, record: Readonly<Record<string, unknown>>): string[] {
  return [...COLUMNS.map((column) => column[object]), ...extra].map((path) => textOf(valueAt(record, path)));
}

function valueAt(record: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null) return null;
    return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null;
  }, record);
}

// NUL is what Postgres cannot keep.
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('\0', '');
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Pure: the condition in the query of a list view; undefined: it shows records in a way that cannot be asked for so. */
export function conditionOf(soql: string): { mine: boolean; where: string } | undefined {
  const [, scope = 'everything', rest = ''] = /\sFROM\s+\w+(?:\s+USING\s+SCOPE\s+(\w+))?([^]*)$/i.exec(soql) ?? [];
  const where = /^\s+WHERE\s+([^]*)$/i.exec(rest.slice(0, orderAt(rest)))?.[1]?.trim() ?? '';
  if (!/^(everything|mine)$/i.test(scope)) return undefined;
  return { mine: /^mine$/i.test(scope), where };
}

/** The last one: the words may stand in a text before it. */
function orderAt(rest: string): number {
  const at = rest.toUpperCase().lastIndexOf(' ORDER BY ');
  return at < 0 ? rest.length : at;
}
