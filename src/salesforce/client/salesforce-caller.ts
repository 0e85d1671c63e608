import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from 'jsforce';
import type { CallFor } from '../api-budget/budget.js';
import { classify, isTransient } from './classify.js';
import { type ErrorKind, SalesforceError } from './errors.js';
import { type HttpAnswer, type HttpLimits, type HttpRequest, sendHttp } from './http.js';
import type { ApiUsage, CallGuard, CallSeen, CallMeter, CallOptions, Session, SessionSource } from './types.js';

export interface CallerOptions {
  /** Of the REST API, e.g. `62.0`. */
  version: string;
  /** The longest one HTTP request may take. */
  timeoutMs: number;
  now: () => Date;
  /** Told the usage by each answer that says it, failures included. */
  meter?: CallMeter;
  /** Told of each request at its end, for the log and the metrics. */
  seen?: (call: CallSeen) => void;
  /** Pauses between the tries of a read; tests set it to none. */
  pauseMs?: (failures: number) => number;
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version (`/query?…`) or below the host (`/services/…`). */
  path: string;
  /** Sent as JSON. */
  body?: object;
  /** In its place, a text of its own: SOAP carries the token in its body. */
  text?: (session: Session) => string;
  headers?: Record<string, string>;
  /** A read may be asked twice; a change never is. */
  effect: 'read' | 'write';
}

export interface ApiAnswer<Body> {
  body: Body;
  /** The org's time when it began to work on this, not later; undefined if it did not say. */
  orgTime: Date | undefined;
  skewMs: number;
}

/** HTTP requests made, retries and refused ones included. */
export class CallCounter {
  total = 0;
  readonly byPurpose = new Map<string, number>();

  constructor(private readonly parent?: CallCounter) {}

  count(purpose: string): void {
    this.total += 1;
    this.byPurpose.set(purpose, (this.byPurpose.get(purpose) ?? 0) + 1);
    this.parent?.count(purpose);
  }
}

const TRIES = 3;
const RENEWALS = 2;

/**
 * One call to the org, whatever it takes: the session, one request, classification, at most two renewals of the
 * session (the second, when a fresh one was refused at once; then the connection is stopped), three tries of a read.
 */
export class SalesforceCaller {
  private connection: { session: Session; jsforce: Connection } | undefined;

  constructor(
    private readonly sessions: SessionSource,
    readonly options: CallerOptions,
    readonly calls = new CallCounter(),
    private readonly guard?: CallGuard,
    private readonly callsFor: CallFor = 'person',
  ) {}

  /** The same caller with a guard before each request and a count of its own. */
  guardedBy(guard: CallGuard, callsFor: CallFor): SalesforceCaller {
    return new SalesforceCaller(this.sessions, this.options, new CallCounter(this.calls), guard, callsFor);
  }

  async call<Body>(request: ApiRequest, options: CallOptions = {}): Promise<ApiAnswer<Body>> {
    let session = await this.sessions.current();
    let renewals = 0;
    for (let failures = 0; ;) {
      try {
        return await this.once<Body>(session, request, options);
      } catch (thrown) {
        if (!(thrown instanceof SalesforceError)) throw thrown;
        const error = thrown;
        // A new token answer says where the org is now; if it is still there, something in between redirects.
        if (error.code === 'UNEXPECTED_REDIRECT' && renewals > 0) throw redirected(error.status, 'retry');
        if (error.kind === 'reauthenticate' && renewals < RENEWALS) {
          renewals += 1;
          session = await this.sessions.renew(session);
          continue;
        }
        if (error.kind === 'reauthenticate' || error.kind === 'stopped') return this.sessions.refused(session, error);
        failures += 1;
        if (request.effect === 'write' || failures >= TRIES || !isTransient(error)) throw error;
        await delay(error.retryAfterMs ?? this.pauseMs(failures));
      }
    }
  }

  private async once<Body>(session: Session, request: ApiRequest, options: CallOptions): Promise<ApiAnswer<Body>> {
    const timeoutMs = Math.min(this.options.timeoutMs, options.timeoutMs ?? Infinity);
    const until = await this.guard?.();
    if (until?.aborted) throw outOfTime();
    const line = new Line(session.instanceUrl, { timeoutMs, until });
    const body = request.text?.(session) ?? (request.body && JSON.stringify(request.body));
    const purpose = options.purpose ?? 'other';
    const ended = await this.options.meter?.begin(purpose, this.callsFor);
    this.calls.count(purpose);
    const sentAt = this.options.now().getTime();
    const began = performance.now();
    let failure: SalesforceError | undefined;
    try {
      const result = await this.jsforce(session).request<Body>(
        {
          method: request.method,
          url: request.path,
          headers: { 'content-type': 'application/json', ...request.headers },
          ...(body === undefined ? {} : { body }),
        },
        { transport: line },
      );
      const { status } = line;
      if (status !== undefined && status >= 300) throw redirected(status, 'reauthenticate');
      return { body: result, ...this.times(line.answer, sentAt) };
    } catch (error) {
      throw (failure = classify(error, {
        write: request.effect === 'write',
        status: line.status,
        retryAfter: line.answer?.headers['retry-after'],
      }));
    } finally {
      const ms = Math.round(performance.now() - began);
      this.options.seen?.({ purpose, ms, status: line.status, error: failure });
      ended?.(limitInfoOf(line.answer?.headers['sforce-limit-info']));
    }
  }

  /** jsforce without its refresh, its retries and its transport: it makes requests and reads answers. */
  private jsforce(session: Session): Connection {
    const { accessToken, instanceUrl, generation } = session;
    const known = this.connection;
    if (known?.session.generation === generation && known.session.accessToken === accessToken) return known.jsforce;
    const jsforce = new Connection({
      instanceUrl,
      accessToken,
      version: this.options.version,
      callOptions: { client: 'CommandCenter' },
      logLevel: 'NONE',
    });
    this.connection = { session, jsforce };
    return jsforce;
  }

  private times(answer: HttpAnswer | undefined, sentAt: number): { orgTime: Date | undefined; skewMs: number } {
    const at = Date.parse(answer?.headers['date'] ?? '');
    if (Number.isNaN(at)) return { orgTime: undefined, skewMs: 0 };
    const arrived = this.options.now().getTime();
    // The date is set at the end of the work: the beginning is earlier by at most the time that we waited.
    const waited = Math.max(0, arrived - sentAt);
    const began = Math.floor((at - waited) / 1000) * 1000;
    return { orgTime: new Date(began), skewMs: Math.round(at + 500 - (arrived - waited / 2)) };
  }

  private pauseMs(failures: number): number {
    if (this.options.pauseMs) return this.options.pauseMs(failures);
    const ceiling = 500 * 2 ** failures;
    return ceiling / 2 + (Math.random() * ceiling) / 2;
  }
}

/** jsforce's transport for one request: bounded, and only to the connection's own host. */
class Line {
  answer: HttpAnswer | undefined;

  constructor(
    private readonly instanceUrl: string,
    private readonly limits: HttpLimits,
  ) {}

  get status(): number | undefined {
    return this.answer?.statusCode;
  }

  httpRequest(request: HttpRequest): Promise<HttpAnswer> & { stream: () => PassThrough } {
    return Object.assign(this.send(request), { stream: () => new PassThrough() });
  }

  private async send(request: HttpRequest): Promise<HttpAnswer> {
    if (new URL(request.url).origin !== new URL(this.instanceUrl).origin) {
      throw new Error('A call left the host of the connected org and was not sent.');
    }
    this.answer = await sendHttp(request, this.limits);
    return this.answer;
  }
}

function outOfTime(): SalesforceError {
  const message = 'There was no time left for the call; it was not sent.';
  return new SalesforceError({ code: 'TIMEOUT', message, kind: 'retry' });
}

function redirected(status: number | undefined, kind: ErrorKind): SalesforceError {
  const message = `The org answered with a redirect (HTTP ${status ?? '3xx'}), which is not followed.`;
  return new SalesforceError({ code: 'UNEXPECTED_REDIRECT', message, kind, status });
}

export function limitInfoOf(header: string | undefined): ApiUsage | undefined {
  const match = /api-usage=(\d+)\/(\d+)/.exec(header ?? '');
  return match ? { used: Number(match[1]), limit: Number(match[2]) } : undefined;
}
