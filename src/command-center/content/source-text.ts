import { LiquidError, type Template, type Variable } from 'liquidjs';
import type { FieldError } from '../../platform/errors/product-error.js';
import { customNames, isField } from './fields.js';
import { htmlSource, parts } from './html-source.js';
import { liquidFor } from './liquid-engine.js';

/** What is wrong in a text as somebody wrote it, and where: lines and columns from 1. */
export interface SourceProblem extends FieldError {
  field: 'subject' | 'body';
  line: number | null;
  column: number | null;
  /** Rather too long than wrong. */
  code: 'bad_template' | 'too_complex';
}

export type Prepared =
  { ok: true; template: Template[]; custom: readonly string[] } | { ok: false; problems: SourceProblem[] };

export const engines = { subject: liquidFor('line'), body: liquidFor('html') };

// A text that is sent to many is read once; few are in use at a time.
const KEPT = 20;
const kept = new Map<string, Prepared>();

/** A text ready to be filled, or what is wrong with it. */
export function prepared(field: 'subject' | 'body', text: string): Prepared {
  const key = `${field}:${text}`;
  const known = kept.get(key) ?? read(field, text);
  kept.delete(key);
  kept.set(key, known);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return known;
}

// The engine looks for the place of each field from the beginning of the text.
const FIELDS_MAX = 500;
const FIELDS_LENGTH_MAX = 5_000;

function read(field: 'subject' | 'body', text: string): Prepared {
  const engine = engines[field];
  const dynamic = parts(text).filter(({ liquid }) => liquid);
  const length = dynamic.reduce((sum, part) => sum + part.text.length, 0);
  if (dynamic.length > FIELDS_MAX || length > FIELDS_LENGTH_MAX) return { ok: false, problems: [tooMuch(field)] };
  try {
    // As it was written first: that is what lines and columns are of.
    const written = engine.parse(text);
    const asked = Object.values(engine.analyzeSync(written).globals).flat();
    const unknown = asked.filter(({ segments }) => !isField(segments, field === 'body' ? 'html' : 'line'));
    if (unknown.length > 0) return { ok: false, problems: unknown.map((one) => problemOf(field, one)) };
    const template = field === 'body' ? engine.parse(linkAddresses(htmlSource(text))) : written;
    return { ok: true, template, custom: customNames(asked.map(({ segments }) => segments)) };
  } catch (error) {
    return { ok: false, problems: [failureOf(field, error)] };
  }
}

// `<a href="{{team_unsubscribe}}">` needs an address where a whole link would break it.
const LINK_ADDRESS = /(href\s*=\s*["']?)\{\{(-?\s{0,9})team_unsubscribe(\s{0,9}-?)\}\}/gi;

function linkAddresses(html: string): string {
  return html.replace(LINK_ADDRESS, '$1{{$2team_unsubscribe_url$3}}');
}

function problemOf(field: 'subject' | 'body', variable: Variable): SourceProblem {
  const { row, col } = variable.location;
  const name = variable.toString().slice(0, 60);
  const belongs = field === 'subject' && isField(variable.segments, 'html');
  const sentence = belongs ? `${name} belongs into the body` : `there is no dynamic field “${name}”`;
  return { field, message: `${sentence} (line ${row})`, line: row, column: col, code: 'bad_template' };
}

/** What a text failed with while it was read or filled; whatever the texts cannot be the cause of is thrown again. */
export function failureOf(field: 'subject' | 'body', error: unknown): SourceProblem {
  if (isTooMuch(error)) return tooMuch(field);
  if (!LiquidError.is(error)) throw error;
  const [first = ''] = error.message.split('\n');
  const [, sentence = first, row, col] = /^(.*?)(?:, line:(\d+), col:(\d+))?$/.exec(first) ?? [];
  const place = row === undefined ? '' : ` (line ${row})`;
  const [line, column] = [row, col].map((text) => (text === undefined ? null : Number(text))) as [number, number];
  return { field, message: `${inOurWords(sentence)}${place}`, line, column, code: 'bad_template' };
}

function tooMuch(field: 'subject' | 'body'): SourceProblem {
  const message = 'it is too long or too complicated';
  return { field, message, line: null, column: null, code: 'too_complex' };
}

function isTooMuch(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = causeOf(cause)) {
    // Nested deeper than the stack, or over a limit of the engine.
    if (cause instanceof RangeError || /limit exceeded|call stack/.test(cause.message)) return true;
  }
  return false;
}

export function causeOf(error: Error): unknown {
  return (error as { originalError?: unknown }).originalError ?? error.cause;
}

function inOurWords(sentence: string): string {
  const tag = /^tag "([^"]{1,40})" not found/.exec(sentence);
  if (tag) return `the tag “${tag[1]}” cannot be used here`;
  const filter = /^undefined filter: (.{1,40})/.exec(sentence);
  if (filter) return `the filter “${filter[1]}” cannot be used here`;
  return sentence.slice(0, 200);
}
