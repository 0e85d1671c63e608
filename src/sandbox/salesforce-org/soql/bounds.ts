import type { Tree } from './parse.js';

/**
 * Values below which no row can match, as the texts of literals in the query.
 *
 * Paging by position is written `A > x OR (A = x AND Id > y)`. Postgres cannot see that this means `A >= x` and would
 * walk the index of A from its beginning for every page; said explicitly, it starts at the right place.
 */
export function lowerBounds(tree: Tree, field: string): string[] {
  switch (tree.kind) {
    case 'test': {
      const { test } = tree;
      const [value] = test.values;
      const isBound = test.operator === '>' || test.operator === '>=' || test.operator === '=';
      const isPlain = value?.type === 'DATETIME' || value?.type === 'STRING';
      return isBound && isPlain && test.field.toLowerCase() === field.toLowerCase() ? [value.text] : [];
    }
    case 'and':
      return tree.parts.flatMap((part) => lowerBounds(part, field));
    case 'or': {
      // What every branch says; spelled alike, as comparing values is not worth it here.
      const [first = [], ...others] = tree.parts.map((part) => lowerBounds(part, field));
      return first.filter((bound) => others.every((other) => other.includes(bound)));
    }
    case 'not':
      return [];
  }
}
