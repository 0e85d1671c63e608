import type { Answer, Call } from './call.js';
import { ok } from './call.js';
import type { Db } from './database.js';
import { inTransaction } from './database.js';
import { ApiError, badJson } from './errors.js';
import { fieldsOf } from './single.js';

const MAX_PARTS = 25;
const MAX_HEAVY_PARTS = 5;

interface Part {
  method: string;
  url: string;
  referenceId: string;
  body: unknown;
  headers: Record<string, string>;
}

interface PartAnswer {
  body: unknown;
  httpHeaders: Record<string, string>;
  httpStatusCode: number;
  referenceId: string;
}

type Serve = (call: Call) => Promise<Answer>;

class RolledBack extends Error {
  constructor(readonly answers: PartAnswer[]) {
    super('rolled back');
  }
}

/** Several requests in one call, one after another; a later one can use what an earlier one answered. */
export async function compositeRequest(call: Call, serve: Serve): Promise<Answer> {
  const { compositeRequest: sent, allOrNone } = fieldsOf(call.body);
  if (!Array.isArray(sent) || sent.length === 0) throw badJson('compositeRequest: a list of requests is required');
  const parts = sent.map((part: unknown) => partOf(fieldsOf(part)));
  refuseTooMany(parts);
  const run = (db: Db, stopAtError: boolean): Promise<PartAnswer[]> =>
    runParts({ ...call, db }, parts, serve, stopAtError);
  if (allOrNone !== true) return ok({ compositeResponse: await run(call.db, false) });
  try {
    const answers = await inTransaction(call.db, async (tx) => {
      const done = await run(tx, true);
      if (done.some((a) => a.httpStatusCode >= 400)) throw new RolledBack(done);
      return done;
    });
    return ok({ compositeResponse: answers });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    return ok({ compositeResponse: error.answers.map(halted) });
  }
}

function partOf(sent: Record<string, unknown>): Part {
  const { method, url, referenceId, body, httpHeaders } = sent;
  if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string') {
    throw badJson('each request needs method, url and referenceId');
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9_]*$/.test(referenceId)) {
    throw new ApiError(
      400,
      'INVALID_REFERENCE_ID',
      `Provided referenceId ('${referenceId}') must start with a letter or a number, and it must contain only letters, numbers and underscores ('_').`,
    );
  }
  return { method: method.toUpperCase(), url, referenceId, body, headers: textsOf(httpHeaders) };
}

function refuseTooMany(parts: Part[]): void {
  const seen = new Set<string>();
  for (const { referenceId } of parts) {
    if (seen.has(referenceId)) {
      throw new ApiError(400, 'DUPLICATE_REFERENCE_ID', `Duplicate reference id ${referenceId}`);
    }
    seen.add(referenceId);
  }
  const heavy = parts.filter((p) => /\/(query|queryAll|composite\/sobjects)([/?]|$)/.test(p.url)).length;
  if (parts.length > MAX_PARTS) {
    throw new ApiError(400, 'LIMIT_EXCEEDED', `Limit of ${MAX_PARTS} subrequests exceeded: ${parts.length}`);
  }
  if (heavy > MAX_HEAVY_PARTS) {
    throw new ApiError(
      400,
      'LIMIT_EXCEEDED',
      `Limit of ${MAX_HEAVY_PARTS} query and sObject Collections subrequests exceeded: ${heavy}`,
    );
  }
}

async function runParts(call: Call, parts: Part[], serve: Serve, stopAtError: boolean): Promise<PartAnswer[]> {
  const answers: PartAnswer[] = [];
  const bodies = new Map<string, unknown>();
  for (const part of parts) {
    const isOver = stopAtError && answers.some((a) => a.httpStatusCode >= 400);
    const answer = isOver ? notRun(part) : await runPart(call, part, bodies, serve);
    if (answer.httpStatusCode < 400) bodies.set(part.referenceId, answer.body);
    answers.push(answer);
  }
  return answers;
}

async function runPart(call: Call, part: Part, bodies: Map<string, unknown>, serve: Serve): Promise<PartAnswer> {
  try {
    const resolve = (text: string): string => resolveReferences(text, bodies);
    const url = new URL(resolve(part.url), 'http://org');
    const match = /^\/services\/data\/(v\d+\.\d)\/(.*)$/.exec(url.pathname);
    if (!match) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
    const answer = await serve({
      ...call,
      version: match[1] ?? call.version,
      method: part.method,
      path: (match[2] ?? '')
        .split('/')
        .filter((s) => s !== '')
        .map(decodeURIComponent),
      query: url.searchParams,
      headers: { ...call.headers, ...part.headers },
      body: resolveBody(part.body, resolve),
    });
    return {
      body: answer.body ?? null,
      httpHeaders: answer.headers ?? {},
      httpStatusCode: answer.status,
      referenceId: part.referenceId,
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { body: error.body(), httpHeaders: {}, httpStatusCode: error.status, referenceId: part.referenceId };
  }
}

/** `@{ref.id}`, `@{ref[0].id}`, `@{ref.records[0].Id}`: what an earlier part answered. */
function resolveReferences(text: string, bodies: Map<string, unknown>): string {
  return text.replace(/@\{([A-Za-z0-9_]+)((?:\.\w+|\[\d+\])*)\}/g, (_, reference: string, steps: string) => {
    let value = bodies.get(reference);
    for (const step of steps.match(/\w+/g) ?? []) {
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
    }
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new ApiError(
      400,
      'PROCESSING_HALTED',
      `Invalid reference specified. No value for ${reference}${steps} found in ${reference}`,
    );
  });
}

function resolveBody(value: unknown, resolve: (text: string) => string): unknown {
  if (typeof value === 'string') return resolve(value);
  if (Array.isArray(value)) return value.map((v: unknown) => resolveBody(v, resolve));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolveBody(v, resolve)]));
}

const HALTED = [
  {
    errorCode: 'PROCESSING_HALTED',
    message: 'The transaction was rolled back since another operation in the same transaction failed.',
  },
];

function notRun(part: Part): PartAnswer {
  return { body: HALTED, httpHeaders: {}, httpStatusCode: 400, referenceId: part.referenceId };
}

function halted(answer: PartAnswer): PartAnswer {
  return answer.httpStatusCode >= 400 ? answer : { ...answer, body: HALTED, httpHeaders: {}, httpStatusCode: 400 };
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter((e): e is [string, string] => typeof e[1] === 'string');
  return Object.fromEntries(entries.map(([k, v]) => [k.toLowerCase(), v]));
}
