import { isSalesforceId } from './ids.js';

/** URI and headers together, as Salesforce takes them. */
const MAX_HEAD_BYTES = 16_384;
/** Room for host, path, the token (up to 2 KB for a JWT) and the other headers. */
const HEAD_WITHOUT_QUERY = 4_096;

/** A SOQL string literal. jsforce's own helper leaves the backslash as it is, so that `\'` would end the string. */
export function quote(text: string): string {
  return `'${text.replace(/[\\'"\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? character)}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A part of a LIKE pattern that means itself: `%` and `_` escaped, without the quotes. */
export function likePart(text: string): string {
  return quote(text).slice(1, -1).replace(/[%_]/g, '\\$&');
}

/** A record id as a literal; anything else is refused. */
export function idLiteral(id: string): string {
  if (!isSalesforceId(id)) throw new Error(`"${id}" is no Salesforce id.`);
  return `'${id}'`;
}

/** `2026-03-01T12:30:00Z`: unquoted, whole seconds (rounded down), as Salesforce compares them. */
export function dateTimeLiteral(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new Error('This is no time.');
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** A calendar day, unquoted. */
export function dateLiteral(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`"${day}" is no day of the form YYYY-MM-DD.`);
  return day;
}

/** A field or object name, which cannot be quoted: `Who.Name`, `Command_Center_Key__c`. */
export function nameLiteral(name: string): string {
  if (!/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$/.test(name)) throw new Error(`"${name}" is no name of a field or object.`);
  return name;
}

export function inList(literals: readonly string[]): string {
  return `(${literals.join(', ')})`;
}

/**
 * Cuts literals into lists for `… IN (…)` so that each query, encoded into a URI with all headers, stays below the
 * limit. `around` is the query without the list.
 */
export function chunkIn(literals: readonly string[], around: string): string[][] {
  const room = MAX_HEAD_BYTES - HEAD_WITHOUT_QUERY - encodedLength(around) - 2;
  const chunks: string[][] = [];
  let current: string[] = [];
  let used = 0;
  for (const literal of literals) {
    const size = encodedLength(`${literal}, `);
    if (size > room) throw new Error('One value alone is too long for a query.');
    if (used + size > room) {
      chunks.push(current);
      current = [];
      used = 0;
    }
    current.push(literal);
    used += size;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}

/** Refused here, with a sentence, rather than by Salesforce with HTTP 414 or 431. */
export function assertFits(soql: string): void {
  const bytes = encodedLength(soql);
  if (bytes > MAX_HEAD_BYTES - HEAD_WITHOUT_QUERY) {
    throw new Error(`A query of ${bytes} encoded bytes does not fit into a URI: cut its lists with chunkIn().`);
  }
}

// A URL encodes the apostrophe too, which encodeURIComponent leaves.
const encodedLength = (text: string): number => encodeURIComponent(text).replaceAll("'", '%27').length;
