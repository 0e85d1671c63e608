import type { NextFunction, Request, Response } from 'express';
import { operationOf, type Operation } from './document.js';
import { noteFault } from './faults.js';
import { mismatch } from './schema-check.js';

/**
 * Express middleware before all others: holds every answer against openapi.json (status, content type, body) before
 * it leaves, so that the fault is noted when the test sees the answer.
 */
export function checkResponses(request: Request, response: Response, next: NextFunction): void {
  const operation = operationOf(request.method, request.originalUrl.replace(/\?.*/s, ''));
  if (operation) {
    const body = bodyOf(response, () => {
      const fault = safely(() => faultOf(operation, request, response, body()));
      if (fault) noteFault(`${operation.key} → ${response.statusCode}`, fault);
    });
  }
  next();
}

/** What breaks in the check itself must not break the answer. */
function safely(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return `it cannot be checked: ${String(error)}`;
  }
}

/** Listens to what is written. Streams that are no JSON pass by unkept. */
function bodyOf(response: Response, onEnd: () => void): () => string {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown, encoding: unknown) => {
    if (!isJson(typeOf(response))) return;
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, encoding as BufferEncoding | undefined));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => Response;
  response.write = (...args: unknown[]) => {
    keep(args[0], typeof args[1] === 'string' ? args[1] : undefined);
    return write(...args);
  };
  response.end = (...args: unknown[]) => {
    keep(args[0], typeof args[1] === 'string' ? args[1] : undefined);
    onEnd();
    return end(...args);
  };
  return () => Buffer.concat(chunks).toString('utf8');
}

function faultOf(operation: Operation, request: Request, response: Response, body: string): string | undefined {
  const answer = operation.responses[response.statusCode];
  if (!answer) return isOfBody(operation, request, response) ? undefined : `this status is not documented: ${body}`;
  const documented = Object.keys(answer.content ?? {});
  const type = typeOf(response);
  if (type === undefined && documented.length === 0) return body === '' ? undefined : 'a body is not documented';
  const schema = type === undefined ? undefined : answer.content?.[type];
  if (!schema) return `${type ?? 'no body'} is not documented, but ${documented.join(', ') || 'no body'}`;
  if (!isJson(type)) return undefined;
  if (!schema.schema) return 'the body has no schema';
  const wrong = mismatch(schema.schema, JSON.parse(body));
  return wrong && `the body does not fit: ${wrong}\n    ${body.slice(0, 500)}`;
}

/** A body sent where none belongs is judged before its route: each route would document it alike. */
function isOfBody(operation: Operation, request: Request, response: Response): boolean {
  const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
  const sent = chunked !== undefined || Number(length) > 0;
  return sent && operation.requestBody === undefined && [400, 413, 415].includes(response.statusCode);
}

function typeOf(response: Response): string | undefined {
  const header = response.getHeader('content-type');
  return typeof header === 'string' ? header.replace(/;.*/s, '').trim().toLowerCase() : undefined;
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/([\w.]+\+)?json$/.test(type);
}
