import { randomBytes } from 'node:crypto';
import type { Answer, Call } from './call.js';
import { baseUrl, ok } from './call.js';
import { ApiError } from './errors.js';
import { compile, selectList } from './soql/compile.js';
import type { Compiled, QueryContext } from './soql/compile.js';
import { toWire } from './soql/fields.js';
import { toRecord } from './records/shape.js';

/** Locators older than this are forgotten. */
const LOCATOR_LIFE_MS = 48 * 3_600_000;

const MAX_NAMES = 100_000;

export async function query(call: Call, includeDeleted: boolean): Promise<Answer> {
  const soql = call.query.get('q');
  if (soql === null) throw new ApiError(400, 'MALFORMED_QUERY', 'SOQL query parameter q is missing');
  const compiled = compile(soql, contextOf(call, includeDeleted));
  switch (compiled.shape) {
    case 'count':
      return ok({ totalSize: await count(call, compiled), done: true, records: [] });
    case 'aggregate':
      return ok(await aggregate(call, compiled));
    case 'records':
      return ok(await firstPage(call, soql, compiled));
  }
}

function contextOf(call: Call, includeDeleted: boolean): QueryContext {
  return { catalogue: call.org.catalogue, user: call.user, now: call.org.now(), includeDeleted };
}

async function count(call: Call, compiled: Compiled): Promise<number> {
  const inner = `SELECT 1 FROM ${compiled.from} WHERE ${compiled.where}${range(compiled, compiled.limit)}`;
  const { rows } = await call.db.query<{ n: number }>(`SELECT count(*) AS n FROM (${inner}) q`, compiled.params);
  return rows[0]?.n ?? 0;
}

async function aggregate(call: Call, compiled: Compiled): Promise<unknown> {
  const list = compiled.aggregates.map((a, i) => `${a.sql} AS c${i}`).join(', ');
  const groupBy = compiled.groupBy ? ` GROUP BY ${compiled.groupBy}` : '';
  const { rows } = await call.db.query<unknown[]>({
    text: `SELECT ${list} FROM ${compiled.from} WHERE ${compiled.where}${groupBy}${range(compiled, compiled.limit ?? 2000)}`,
    values: compiled.params,
    rowMode: 'array',
  });
  const records = rows.map((row) => ({
    attributes: { type: 'AggregateResult' },
    ...Object.fromEntries(compiled.aggregates.map((a, i) => [a.name, a.field ? toWire(a.field, row[i]) : row[i]])),
  }));
  return { totalSize: records.length, done: true, records };
}

async function firstPage(call: Call, soql: string, compiled: Compiled): Promise<unknown> {
  const size = pageSize(call);
  const wanted = compiled.limit ?? Infinity;
  const { rows } = await call.db.query<unknown[]>({
    text:
      `SELECT t.id, ${selectList(compiled.columns)} FROM ${compiled.from} WHERE ${compiled.where} ` +
      `ORDER BY ${compiled.orderBy}${range(compiled, Math.min(wanted, size + 1))}`,
    values: compiled.params,
    rowMode: 'array',
  });
  if (rows.length <= size) {
    return { totalSize: rows.length, done: true, records: rows.map((row) => toRecord(call, compiled, row)) };
  }
  await refuseTooManyNames(call, compiled);
  const locator = await keepPages(call, soql, compiled, size);
  return pageOf(call, locator, 0);
}

/** Stores the ids that the query finds now. Only ids: each page reads its rows when it is asked for. */
async function keepPages(call: Call, soql: string, compiled: Compiled, size: number): Promise<string> {
  const now = call.org.now();
  const locator = `01g${randomBytes(9).toString('hex').slice(0, 15)}`;
  const params = [...compiled.params, locator, size];
  const n = params.length;
  await call.db.query('DELETE FROM sf_query WHERE created_at < $1', [new Date(now.getTime() - LOCATOR_LIFE_MS)]);
  await call.db.query(
    `INSERT INTO sf_query (locator, user_id, soql, total, page_size, created_at) VALUES ($1, $2, $3, 0, $4, $5)`,
    [locator, call.user.id, soql, size, now],
  );
  await call.db.query(
    `INSERT INTO sf_query_page (locator, page, ids)
     SELECT $${n - 1}::text, (n - 1) / $${n}::int, array_agg(id ORDER BY n)
     FROM (SELECT id, row_number() OVER () AS n FROM (
       SELECT t.id FROM ${compiled.from} WHERE ${compiled.where}
       ORDER BY ${compiled.orderBy}${range(compiled, compiled.limit)}) found) numbered
     GROUP BY 2`,
    params,
  );
  await call.db.query(
    `UPDATE sf_query SET total = (SELECT sum(cardinality(ids)) FROM sf_query_page WHERE locator = $1) WHERE locator = $1`,
    [locator],
  );
  return locator;
}

/** Names of related records are not to be had for very long lists. */
async function refuseTooManyNames(call: Call, compiled: Compiled): Promise<void> {
  const relations = compiled.columns.flatMap((c) => (c.via === undefined ? [] : [c.path[0] ?? '']));
  if (!relations.includes('Who') && !relations.includes('What')) return;
  if ((await count(call, compiled)) > MAX_NAMES) {
    throw new ApiError(400, 'OPERATION_TOO_LARGE', `exceeded ${MAX_NAMES} distinct who/what's`);
  }
}

/** `/query/01g…-4000`: the page that begins at that row. */
export async function nextPage(call: Call, reference: string): Promise<Answer> {
  const [locator = '', offset = '0'] = reference.split('-');
  return ok(await pageOf(call, locator, Number(offset)));
}

interface StoredPage {
  soql: string;
  total: number;
  size: number;
  ids: string[] | null;
}

async function pageOf(call: Call, locator: string, offset: number): Promise<unknown> {
  const { rows: found } = await call.db.query<StoredPage>(
    `SELECT q.soql, q.total, q.page_size AS size, p.ids
     FROM sf_query q LEFT JOIN sf_query_page p ON p.locator = q.locator AND p.page = $2::int / q.page_size
     WHERE q.locator = $1 AND q.user_id = $3`,
    [locator, Number.isInteger(offset) ? offset : -1, call.user.id],
  );
  const [page] = found;
  if (!page?.ids) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  // Rows that were purged since are missing; those that were deleted or archived show what they were found as.
  const compiled = compile(page.soql, contextOf(call, true));
  const { rows } = await call.db.query<unknown[]>({
    text:
      `SELECT t.id, ${selectList(compiled.columns)} FROM unnest($1::text[]) WITH ORDINALITY AS page(id, n) ` +
      `JOIN ${compiled.from} ON t.id = page.id ORDER BY page.n`,
    values: [page.ids],
    rowMode: 'array',
  });
  const next = offset + page.size;
  const done = next >= page.total;
  return {
    totalSize: page.total,
    done,
    ...(done ? {} : { nextRecordsUrl: `${baseUrl(call)}/query/${locator}-${next}` }),
    records: rows.map((row) => toRecord(call, compiled, row)),
  };
}

/** `Sforce-Query-Options: batchSize=500`, between 200 and 2,000. */
function pageSize(call: Call): number {
  const asked = /batchSize=(\d+)/i.exec(call.headers['sforce-query-options'] ?? '')?.[1];
  if (asked === undefined) return call.org.options.pageSize;
  return Math.min(Math.max(Number(asked), 200), 2000);
}

function range(compiled: Compiled, limit: number | undefined): string {
  const limited = limit === undefined || limit === Infinity ? '' : ` LIMIT ${limit}`;
  return limited + (compiled.offset > 0 ? ` OFFSET ${compiled.offset}` : '');
}
