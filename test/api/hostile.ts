import fc from 'fast-check';
import { type Operation, type Parameter, type Schema, schemas } from '../support/api-contract/document.js';

export type Caller = 'admin' | 'member' | 'team' | 'nobody';

export interface Hostile {
  operation: Operation;
  /** Path with query, as it goes over the wire. */
  target: string;
  headers: Record<string, string>;
  body: string | undefined;
  caller: Caller;
}

const STRINGS = [
  ...['', ' ', '0', '-1', 'null', 'true', '*', '../..', '%', '%00', '%ff', '\u0000', 'a\u0000b', '\ud800', 'x\udfffy'],
  ...[
    '😀'.repeat(50),
    'é',
    '\u202e',
    '\ufeff',
    '\r\nX-Injected: 1',
    "'; DROP TABLE tasks; --",
    '$1',
    '{{x}}',
    '__proto__',
  ],
  ...[
    'constructor',
    'toString',
    'A'.repeat(5_000),
    '9'.repeat(40),
    '1e999',
    'NaN',
    '-0',
    '0x10',
    '<b>',
    '${7*7}',
    'a@b',
  ],
  ...['2026-02-30', '2026-03-04', '9999-12-31', '0000-00-00', '-000001-01-01', '2026-03-04T10:00:00Z'],
  ...['+275760-09-13T00:00:00.001Z', '2026-03-04T10:00:00+99:99', '10000-01-01T00:00:00Z', 'now', 'infinity'],
  ...['Europe/Berlin', 'Etc/GMT+99', 'open', 'all', 'today', 'admin', 'tasks:read', '0055g0000000002AAA'],
];
const NUMBERS = [0, -0, 1, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324];
const NOBODYS_ID = '00000000-0000-7000-8000-000000000000';

const text = fc.oneof(fc.constantFrom(...STRINGS), fc.string({ unit: 'binary', maxLength: 20 }), fc.string());
const number = fc.oneof(fc.constantFrom(...NUMBERS), fc.integer(), fc.double({ noNaN: true }));
const anything: fc.Arbitrary<unknown> = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.constantFrom({}, [], [[]], [null], { length: 1e9 }, { toString: 1 }, { $ne: null }, deep(10), deep(30)),
  fc.jsonValue({ maxDepth: 3 }),
);

function deep(levels: number): unknown {
  return levels === 0 ? 1 : { a: [deep(levels - 1)] };
}

/** Requests of one operation: most fields as they should be, some as nobody should send them. */
export function hostile(operation: Operation, ids: readonly string[]): fc.Arbitrary<Hostile> {
  const id = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: fc.constant(NOBODYS_ID) },
  );
  const parameters = operation.parameters ?? [];
  const of = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place);
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  return fc
    .record({
      path: fc.tuple(...of('path').map(() => fc.oneof({ weight: 3, arbitrary: id }, { weight: 1, arbitrary: text }))),
      query: queryOf(of('query'), id),
      body: bodyOf(schema, id),
      headers: headersOf(),
      caller: fc.constantFrom<Caller>('admin', 'admin', 'member', 'team', 'nobody'),
    })
    .map(({ path, query, body, headers, caller }) => {
      const names = of('path').map(({ name }) => name);
      const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(path[names.indexOf(name)]));
      const typed: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      return {
        operation,
        target: query === '' ? filled : `${filled}?${query}`,
        headers: { ...typed, ...headers },
        body,
        caller,
      };
    });
}

function queryOf(parameters: readonly Parameter[], id: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const known = parameters.map(({ name, schema }) =>
    fc.option(
      fc
        .oneof({ weight: 3, arbitrary: valueOf(schema ?? {}, id) }, { weight: 1, arbitrary: text })
        .map((value) => `${name}=${encoded(value)}`),
      { nil: '', freq: 3 },
    ),
  );
  const name = fc.constantFrom(
    '__proto__',
    'constructor',
    'limit',
    'after',
    'a[b][c]',
    'limit[]',
    '',
    'q',
    'view[$ne]',
  );
  const odd = fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.tuple(name, text).map(([key, value]) => `${key}=${encoded(value)}`) },
    { weight: 1, arbitrary: fc.constantFrom('limit=1&limit=2', 'after=x&after=y', 'q=%FF', '&&&=', 'limit=%') },
  );
  return fc.tuple(...known, odd).map((parts) => parts.filter((part) => part !== '').join('&'));
}

function bodyOf(schema: Schema | undefined, id: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> {
  const odd = fc.oneof(
    fc.constantFrom('', '{', '[]', 'null', '"x"', '1', '{"a":1,}', '\ufeff{}', '{"__proto__":{"admin":true}}'),
    anything.map((value) => JSON.stringify(value)),
  );
  if (!schema) return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: odd });
  const fitting = valueOf(schema, id).map((value) => JSON.stringify(value));
  const spoilt = fc
    .tuple(valueOf(schema, id), fc.constantFrom(...namesOf(schema), '__proto__', 'x'), anything)
    .map(([value, name, wrong]) => JSON.stringify({ ...(value as object), [name]: wrong }));
  return fc.oneof(
    { weight: 4, arbitrary: fitting },
    { weight: 4, arbitrary: spoilt },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

function headersOf(): fc.Arbitrary<Record<string, string>> {
  const tag = fc.constantFrom('*', '"v1"', '"v2"', 'W/"v1"', 'v1', '""', '"v999999999999999999999"', ',', '"v1", "v2"');
  const odd = fc.constantFrom<Record<string, string>>(
    ...[{ 'content-type': 'text/plain' }, { 'content-type': 'application/xml' }, { 'content-type': ';;;' }],
    ...[{ 'content-type': 'application/json; charset=utf-7' }, { 'content-encoding': 'gzip' }, { accept: 'image/png' }],
    ...[{ 'x-request-id': 'a b' }, { 'accept-language': 'x'.repeat(500) }, { 'if-none-match': '*' }, { cookie: 'a=%' }],
    ...[{ 'idempotency-key': 'x'.repeat(300) }, { 'last-event-id': 'x' }, { 'x-forwarded-for': '::1, %' }],
    ...[{ authorization: 'Bearer x' }, { authorization: 'Basic eDp5' }, { authorization: 'Bearer cc_a_b' }],
  );
  return fc
    .tuple(fc.option(tag, { freq: 3 }), fc.option(odd, { freq: 1, nil: undefined }))
    .map(([ifMatch, more]) => ({ ...(ifMatch === null ? {} : { 'if-match': ifMatch }), ...more }));
}

/** A value that fits the schema, or nearly. */
function valueOf(schema: Schema, id: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === 'string') return valueOf(schemas[schema.$ref.split('/').pop() ?? ''] ?? {}, id);
  if (schema.nullable) {
    return fc.option(valueOf({ ...schema, nullable: false }, id), { freq: 4 });
  }
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  switch (schema.type) {
    case 'object':
      return objectOf(schema, id);
    case 'array':
      return fc.array(valueOf((schema.items ?? {}) as Schema, id), { minLength: 1, maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    case 'number':
    case 'integer':
      return fc.oneof(fc.integer({ min: 0, max: 100 }), number);
    default:
      return textOf(schema, id);
  }
}

function textOf(schema: Schema, id: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const good = [fc.constantFrom('Grace', 'Call Grace'), fc.emailAddress()];
  if (typeof schema.example === 'string') good.push(fc.constant(schema.example));
  if (schema.format === 'uuid') return fc.oneof({ weight: 5, arbitrary: id }, { weight: 1, arbitrary: text });
  return fc.oneof(
    { weight: 2, arbitrary: fc.oneof(...good) },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: id },
  );
}

function objectOf(schema: Schema, id: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const required = (schema.required ?? []) as string[];
  return fc.record(Object.fromEntries(properties.map(([name, property]) => [name, valueOf(property, id)])), {
    requiredKeys: required,
  });
}

function namesOf(schema: Schema): string[] {
  const whole = typeof schema.$ref === 'string' ? schemas[schema.$ref.split('/').pop() ?? ''] : schema;
  return Object.keys(whole?.properties ?? {});
}

/** For a URL; half a surrogate pair goes as bytes that are no UTF-8. */
function encoded(value: unknown): string {
  const written = typeof value === 'string' ? value : String(JSON.stringify(value));
  return [...written].map((one) => (/\p{Surrogate}/u.test(one) ? '%ED%A0%80' : encodeURIComponent(one))).join('');
}
