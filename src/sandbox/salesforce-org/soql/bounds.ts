import type { Tree } from './parse.js';

/**
 * A value below which no row can match, as the text of a literal in the query, or undefined.
 *
 * Paging by position is written `A > x OR (A = x AND Id > y)`. Postgres cannot see that this means `A >= x` and would
 * walk the index of A from its beginning for every page; said explicitly, it starts at the right place.
 */
export function lowerBound(tree: Tree, field: string): string | undefined {
  switch (tree.kind) {
    case 'test': {
      const { test } = tree;
      const [value] = test.values;
      const isBound = test.operator === '>' || test.operator === '>=' || test.operator === '=';
      const isPlain = value?.type === 'DATETIME' || value?.type === 'STRING';
      return isBound && isPlain && test.field.toLowerCase() === field.toLowerCase() ? value.text : undefined;
    }
    case 'and': {
      // Any of them holds; the first is as right as the tightest.
      for (const part of tree.parts) {
        const bound = lowerBound(part, field);
        if (bound !== undefined) return bound;
      }
      return undefined;
    }
    case 'or': {
      const bounds = tree.parts.map((part) => lowerBound(part, field));
      const [first] = bounds;
      // Only when all branches name the same value: comparing literals of different spelling is not worth it.
      return bounds.every((b) => b === first) ? first : undefined;
    }
    case 'not':
      return undefined;
  }
}
