import { classifyRecord, classifySubRequest } from './classify.js';
import { SalesforceError } from './errors.js';
import { isSalesforceId, to18 } from './ids.js';
import type { WriteRequest, WriteResult } from './types.js';

export const COLLECTION_SIZE = 200;
export const COLLECTIONS_IN_A_CALL = 5;
export const WRITES_IN_A_CALL = COLLECTION_SIZE * COLLECTIONS_IN_A_CALL;

/** Up to 200 records of one kind: one request of its own, or one part of a Composite call. */
export interface Collection {
  method: 'POST' | 'PATCH' | 'DELETE';
  /** Below the version. */
  path: string;
  body?: object;
  /** Which of the requests these are, in order. */
  places: number[];
}

/** What goes out together: one call. */
export type PlannedCall = readonly Collection[];

const METHODS = { create: 'POST', update: 'PATCH', delete: 'DELETE' } as const;

/**
 * Cuts writes into calls: normally one. Composite reads `@{…}` inside any text as a reference to an earlier part and
 * has no escape for it, so records with such a text go in collection calls of their own, which do not.
 */
export function planWrites(requests: readonly WriteRequest[]): PlannedCall[] {
  if (requests.length > WRITES_IN_A_CALL) throw new Error(`At most ${WRITES_IN_A_CALL} records go in one call.`);
  refuseTwice(requests);
  const plain: Collection[] = [];
  const alone: Collection[] = [];
  for (const op of ['create', 'update', 'delete'] as const) {
    const places = requests.flatMap((request, at) => (request.op === op ? [at] : []));
    const isAlone = (at: number): boolean => mentionsReference(requests[at]);
    plain.push(
      ...collections(
        requests,
        op,
        places.filter((at) => !isAlone(at)),
      ),
    );
    alone.push(...collections(requests, op, places.filter(isAlone)));
  }
  if (plain.length > COLLECTIONS_IN_A_CALL) {
    throw new Error(`${plain.length} collections do not fit into one call: send fewer kinds of writes at once.`);
  }
  return [...(plain.length > 0 ? [plain] : []), ...alone.map((collection) => [collection])];
}

export function compositeBody(call: PlannedCall, version: string): object {
  return {
    allOrNone: false,
    compositeRequest: call.map(({ method, path, body }, at) => ({
      method,
      url: `/services/data/v${version}${path}`,
      referenceId: `part${at}`,
      ...(body ? { body } : {}),
    })),
  };
}

/** The results of a Composite call, part by part; failures of a part come inside HTTP 200. */
export function compositeResults(call: PlannedCall, body: unknown): WriteResult[][] {
  const answers = (body as { compositeResponse?: unknown } | null | undefined)?.compositeResponse;
  const parts: unknown[] = Array.isArray(answers) ? answers : [];
  return call.map((collection, at) => {
    const part = parts.find((one) => (one as { referenceId?: unknown } | null)?.referenceId === `part${at}`);
    const { httpStatusCode: status, body: results } = (part ?? {}) as { httpStatusCode?: unknown; body?: unknown };
    if (typeof status !== 'number') return failed(collection, unreadable('The answer lacks a part of the call.'));
    if (status >= 300) return failed(collection, classifySubRequest(status, results));
    return collectionResults(collection, results);
  });
}

/** A result per record, in request order. */
export function collectionResults(collection: Collection, body: unknown): WriteResult[] {
  if (!Array.isArray(body) || body.length !== collection.places.length) {
    return failed(collection, unreadable('The answer has not one result for each record.'));
  }
  return body.map((result: unknown) => resultOf(result, collection.method));
}

export function failed(collection: Collection, error: SalesforceError): WriteResult[] {
  return collection.places.map(() => ({ ok: false, error }));
}

function resultOf(result: unknown, method: Collection['method']): WriteResult {
  const { success, id, created, errors } = (result ?? {}) as Record<string, unknown>;
  if (success === true && typeof id === 'string' && isSalesforceId(id)) {
    return { ok: true, id: to18(id), created: typeof created === 'boolean' ? created : method === 'POST' };
  }
  if (success !== false) return { ok: false, error: unreadable('A result says neither success nor failure.') };
  const error = classifyRecord(errors);
  // A deletion refers to nothing but the record itself: its id is unknown because it was purged.
  if (method === 'DELETE' && error.code === 'INVALID_CROSS_REFERENCE_KEY') {
    return { ok: false, error: new SalesforceError({ code: error.code, message: error.message, kind: 'gone' }) };
  }
  return { ok: false, error };
}

function unreadable(message: string): SalesforceError {
  return new SalesforceError({ code: 'UNREADABLE_ANSWER', message, kind: 'retry', doubtful: true });
}

function collections(requests: readonly WriteRequest[], op: WriteRequest['op'], places: number[]): Collection[] {
  const list: Collection[] = [];
  for (let at = 0; at < places.length; at += COLLECTION_SIZE) {
    const chunk = places.slice(at, at + COLLECTION_SIZE);
    const records = chunk.flatMap((place) => requests[place] ?? []);
    list.push({ method: METHODS[op], places: chunk, ...(op === 'delete' ? deletion(records) : saving(records)) });
  }
  return list;
}

function saving(records: readonly WriteRequest[]): { path: string; body: object } {
  return {
    path: '/composite/sobjects',
    body: {
      allOrNone: false,
      records: records.map((record) => {
        if (record.op === 'delete') throw new Error('A deletion carries no fields.');
        const attributes = { type: record.object };
        return record.op === 'create'
          ? { ...record.fields, attributes }
          : { ...record.fields, id: record.id, attributes };
      }),
    },
  };
}

function deletion(records: readonly WriteRequest[]): { path: string } {
  const ids = records.map((record) => (record.op === 'create' ? '' : record.id));
  return { path: `/composite/sobjects?ids=${ids.join(',')}&allOrNone=false` };
}

// Salesforce refuses all of a collection that names a record twice.
function refuseTwice(requests: readonly WriteRequest[]): void {
  const seen = new Set<string>();
  for (const request of requests) {
    if (request.op === 'create') continue;
    const id = to18(request.id);
    if (seen.has(id)) throw new Error(`Record ${id} is written twice in one call.`);
    seen.add(id);
  }
}

function mentionsReference(request: WriteRequest | undefined): boolean {
  return request !== undefined && request.op !== 'delete' && JSON.stringify(request.fields).includes('@{');
}
