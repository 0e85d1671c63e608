import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createGunzip, createInflate } from 'node:zlib';

/** What goes over the line, decided by others. */
export interface HttpRequest {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface HttpLimits {
  /** The longest it may take. */
  timeoutMs: number;
  /** Ends it before, as if that time were over. */
  until?: AbortSignal;
}

export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export type TransportCode = 'TIMEOUT' | 'CONNECTION_RESET' | 'UNREACHABLE';

/** No complete answer came. */
export class TransportError extends Error {
  constructor(
    readonly code: TransportCode,
    message: string,
    /** Whether the request may have reached the server. */
    readonly sent: boolean,
  ) {
    super(message);
    this.name = 'TransportError';
  }
}

// An idle connection is closed before the server would: writing onto one that it just closed looks like a lost answer.
const IDLE_MS = 4_000;
const plain = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
const secure = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
]);

/**
 * One HTTP request: no redirects, no retries, and a time limit on the whole of it, the answer's last byte included.
 *
 * jsforce's own transport limits only the time until the answer's head and loses a connection that breaks off inside
 * the body (the call then never ends), repeats reads five times, and follows redirects with the token.
 */
export function sendHttp(request: HttpRequest, { timeoutMs, until }: HttpLimits): Promise<HttpAnswer> {
  const url = new URL(request.url);
  const https = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
    const signal = until ? AbortSignal.any([timeout, until]) : timeout;
    const fail = (error: unknown): void => reject(asTransportError(error, signal, url.host));
    const outgoing = (https ? httpsRequest : httpRequest)(
      url,
      {
        method: request.method,
        agent: https ? secure : plain,
        headers: { ...request.headers, 'accept-encoding': 'gzip, deflate' },
        signal,
      },
      (incoming) => {
        readText(incoming).then(
          (body) => resolve({ statusCode: incoming.statusCode ?? 0, headers: headersOf(incoming), body }),
          fail,
        );
      },
    );
    outgoing.once('error', fail);
    outgoing.end(request.body);
  });
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const encoding = incoming.headers['content-encoding'];
  const unpacked =
    encoding === 'gzip'
      ? incoming.pipe(createGunzip())
      : encoding === 'deflate'
        ? incoming.pipe(createInflate())
        : undefined;
  // pipe() passes no failures on.
  if (unpacked) incoming.once('error', (error) => unpacked.destroy(error));
  const chunks: Buffer[] = [];
  for await (const chunk of (unpacked ?? incoming) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function asTransportError(error: unknown, signal: AbortSignal, host: string): TransportError {
  const { code, message } = error as { code?: string; message?: string };
  if (signal.aborted) return new TransportError('TIMEOUT', `${host} did not answer in time.`, true);
  if (code !== undefined && NEVER_SENT.has(code)) {
    return new TransportError('UNREACHABLE', `${host} cannot be reached (${code}).`, false);
  }
  return new TransportError(
    'CONNECTION_RESET',
    `The connection to ${host} broke off (${code ?? message ?? 'closed'}).`,
    true,
  );
}
