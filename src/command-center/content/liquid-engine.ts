import { type FilterImplOptions, Liquid } from 'liquidjs';
import { EmptyField, Markup, MissingFieldError } from './field-values.js';

// What people write is untrusted: no files, no loops, a bound on the time and the memory that a text may take.
const TAGS = new Set(['if', 'unless', 'case', 'assign', 'comment', 'raw', '#']);
const FILTERS = new Set([
  ...['default', 'upcase', 'downcase', 'capitalize', 'strip', 'truncate', 'truncatewords', 'strip_newlines'],
  ...['replace', 'replace_first', 'remove', 'remove_first', 'append', 'prepend'],
]);
const LIMITS = { parseLimit: 400_000, renderLimit: 1_000, memoryLimit: 2_000_000 };

/** Of one kind of text: `html` escapes the values of fields, `line` leaves them as they are. */
export function liquidFor(kind: 'html' | 'line'): Liquid {
  const engine = new Liquid({
    ...LIMITS,
    outputEscape: (value: unknown) => outputOf(value, kind),
    strictFilters: true,
    strictVariables: true,
    ownPropertyOnly: true,
    templates: {},
  });
  keepOnly(engine.tags, TAGS);
  keepOnly(engine.filters, FILTERS);
  for (const [name, filter] of Object.entries(engine.filters)) {
    if (name !== 'default' && filter) engine.filters[name] = passingOn(filter);
  }
  return engine;
}

function keepOnly(table: Record<string, unknown>, allowed: ReadonlySet<string>): void {
  for (const name of Object.keys(table)) if (!allowed.has(name)) delete table[name];
}

/** What has no value has none in capitals either, and a text with a gap in it is not sent. */
function passingOn(filter: FilterImplOptions): FilterImplOptions {
  const handler = typeof filter === 'function' ? filter : filter.handler;
  return function (this: ThisParameterType<typeof handler>, value: unknown, ...rest: unknown[]) {
    if (value instanceof EmptyField || value instanceof Markup) return value;
    const missing = rest.find((one) => one instanceof EmptyField && one.otherwise === null);
    if (missing) return missing;
    const args = rest.map((one) => (one instanceof EmptyField ? one.otherwise : one instanceof Markup ? '' : one));
    return handler.call(this, value, ...args) as unknown;
  };
}

function outputOf(value: unknown, kind: 'html' | 'line'): string {
  if (value instanceof EmptyField) {
    if (value.otherwise === null) throw new MissingFieldError(value.field);
    return value.otherwise;
  }
  if (value instanceof Markup) return value.place();
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return kind === 'html' ? escapeHtml(text) : text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
