import type { IncomingMessage } from 'node:http';
import { ApiError, badJson } from '../errors.js';

const MAX_BODY = 64 * 1024 * 1024;

/** URI and headers together, as Salesforce limits them. */
export const MAX_HEAD = 16_384;

export interface HttpRequest {
  method: string;
  url: URL;
  /** Path and query as sent. */
  target: string;
  headers: Record<string, string | undefined>;
  body: string;
}

export async function readRequest(message: IncomingMessage, origin: string): Promise<HttpRequest> {
  const target = message.url ?? '/';
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: (message.method ?? 'GET').toUpperCase(),
    url: urlOf(target, origin),
    target,
    headers,
    body: await readBody(message),
  };
}

function urlOf(target: string, origin: string): URL {
  try {
    return new URL(target, origin);
  } catch {
    throw new ApiError(400, 'INVALID_URL', 'The URL could not be read');
  }
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new ApiError(413, 'REQUEST_TOO_LARGE', 'The request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** 414 or 431 when a request's head is larger than Salesforce takes. */
export function headTooLarge(message: IncomingMessage): number | undefined {
  const uri = (message.url ?? '').length;
  if (uri > MAX_HEAD) return 414;
  const headers = message.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
  return uri + headers > MAX_HEAD ? 431 : undefined;
}

export function parseJson(body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'malformed';
    throw badJson(`${message} at [line:1, column:1]`);
  }
}

export function parseForm(body: string): URLSearchParams {
  return new URLSearchParams(body);
}

export function cookie(headers: HttpRequest['headers'], name: string): string | undefined {
  for (const part of (headers['cookie'] ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}
