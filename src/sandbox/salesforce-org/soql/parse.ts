import { parseQuery } from '@jetstreamapp/soql-parser-js';
import type { Condition, Query, WhereClause } from '@jetstreamapp/soql-parser-js';
import { malformed } from './errors.js';

/** A WHERE clause as a tree; the parser gives a chain with counts of parentheses. */
export type Tree = { kind: 'and' | 'or'; parts: Tree[] } | { kind: 'not'; part: Tree } | { kind: 'test'; test: Test };

export interface Test {
  field: string;
  operator: string;
  values: Literal[];
  subquery?: Query;
}

export interface Literal {
  type: string;
  text: string;
}

const MAX_LENGTH = 100_000;

export function parseSoql(soql: string): Query {
  if (soql.trim() === '') throw malformed(soql, '', 'unexpected end of query');
  if (soql.length > MAX_LENGTH) throw malformed(soql, '', 'SOQL statements cannot be longer than 100000 characters.');
  try {
    return parseQuery(soql);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const token = /(?:found: |found --> )'([^']*)'/.exec(text)?.[1] ?? /->(.)<-/.exec(text)?.[1];
    if (token === undefined) throw malformed(soql, '', 'unexpected end of query');
    throw malformed(soql, token, token === '' ? "unexpected token: '<EOF>'" : `unexpected token: '${token}'`);
  }
}

type Token = '(' | ')' | 'NOT' | 'AND' | 'OR' | Test;

export function whereTree(soql: string, where: WhereClause): Tree {
  const tokens = flatten(soql, where);
  let at = 0;

  function expression(): Tree {
    const parts = [term()];
    const operator = tokens[at];
    while (tokens[at] === 'AND' || tokens[at] === 'OR') {
      // Salesforce wants parentheses where a query mixes the two.
      if (tokens[at] !== operator) throw unexpected(soql, tokens[at]);
      at += 1;
      parts.push(term());
    }
    const [only] = parts;
    if (parts.length === 1 && only) return only;
    return { kind: operator === 'OR' ? 'or' : 'and', parts };
  }

  function term(): Tree {
    const token = tokens[at];
    at += 1;
    if (token === 'NOT') return { kind: 'not', part: term() };
    if (token === '(') {
      const inner = expression();
      if (tokens[at] !== ')') throw malformed(soql, '', "expecting a right parentheses, found '<EOF>'");
      at += 1;
      return inner;
    }
    if (typeof token === 'object') return { kind: 'test', test: token };
    throw unexpected(soql, token);
  }

  const tree = expression();
  if (at < tokens.length) throw unexpected(soql, tokens[at]);
  return tree;
}

function unexpected(soql: string, token: Token | undefined): Error {
  const text = typeof token === 'object' ? token.field : (token ?? '<EOF>');
  return malformed(soql, token === undefined ? '' : text, `unexpected token: '${text}'`);
}

function flatten(soql: string, where: WhereClause): Token[] {
  const tokens: Token[] = [];
  let node: WhereClause | undefined = where;
  while (node) {
    const left: WhereClause['left'] = node.left;
    const open = left && 'openParen' in left ? (left.openParen ?? 0) : 0;
    for (let i = 0; i < open; i += 1) tokens.push('(');
    if (left && !isNegation(left)) {
      tokens.push(toTest(soql, left));
      const close = 'closeParen' in left ? (left.closeParen ?? 0) : 0;
      for (let i = 0; i < close; i += 1) tokens.push(')');
    }
    if (!('operator' in node)) break;
    tokens.push(node.operator);
    node = node.right;
  }
  return tokens;
}

type Left = NonNullable<WhereClause['left']>;

function isNegation(left: Left): left is Extract<Condition, { openParen: number }> & Left {
  return !('operator' in left);
}

function toTest(soql: string, left: Left): Test {
  if ('fn' in left) {
    const name = left.fn.rawValue ?? left.fn.functionName ?? '';
    throw malformed(soql, '', `the function ${name} is not available in this org's WHERE clause`);
  }
  if (!('field' in left)) throw malformed(soql, '', 'unexpected token in the WHERE clause');
  const operator = left.operator.toUpperCase();
  if ('valueQuery' in left) return { field: left.field, operator, values: [], subquery: left.valueQuery };
  const texts = Array.isArray(left.value) ? left.value : [left.value];
  const kinds = left.literalType;
  const values = texts.map((text, i) => ({
    text,
    type: (Array.isArray(kinds) ? kinds[i] : kinds) ?? 'STRING',
  }));
  return { field: left.field, operator, values };
}
