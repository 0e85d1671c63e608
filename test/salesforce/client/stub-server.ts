import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallerOptions, SalesforceCaller } from '../../../src/salesforce/client/salesforce-caller.js';
import { SalesforceClient } from '../../../src/salesforce/client/salesforce-client.js';
import { SalesforceError } from '../../../src/salesforce/client/errors.js';
import type { Session, SessionSource } from '../../../src/salesforce/client/types.js';

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Reply = (request: Received, response: ServerResponse) => void;

/** A server that answers what a test tells it to, and remembers what it was asked. */
export class StubServer {
  readonly received: Received[] = [];
  private readonly replies: Reply[] = [];
  /** When nothing was told. */
  fallback: Reply = json(200, {});

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StubServer> {
    const server = createServer();
    const stub = new StubServer(server);
    server.on('request', (message: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => {
        const { method = '', url = '', headers } = message;
        const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
        stub.received.push(request);
        (stub.replies.shift() ?? stub.fallback)(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next requests, in this order, are answered so. */
  next(...replies: Reply[]): void {
    this.replies.push(...replies);
  }

  reset(): void {
    this.received.length = 0;
    this.replies.length = 0;
    this.fallback = json(200, {});
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
}

export const refusal = (status: number, errorCode: string, message = 'no'): Reply =>
  json(status, [{ errorCode, message }]);

/** Nothing is ever answered. */
export const hang: Reply = () => undefined;

/** The head comes, the body never ends. */
export const hangInBody: Reply = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"totalSize":');
};

export const cutBefore: Reply = (_request, response) => {
  response.destroy();
};

export const cutInBody: Reply = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"totalSize":', () => response.destroy());
};

/** Sessions that are renewed as often as asked. */
export class StubSessions implements SessionSource {
  renewed = 0;
  stoppedBy: SalesforceError | undefined;

  constructor(private readonly instanceUrl: string) {}

  current(): Promise<Session> {
    return Promise.resolve(this.session());
  }

  renew(stale: Session): Promise<Session> {
    if (stale.generation === this.renewed) this.renewed += 1;
    return Promise.resolve(this.session());
  }

  refused(_session: Session, reason: SalesforceError): Promise<never> {
    this.stoppedBy = reason;
    return Promise.reject(
      new SalesforceError({ code: reason.code, message: reason.message, kind: 'stopped', status: reason.status }),
    );
  }

  private session(): Session {
    return { accessToken: `token-${this.renewed}`, instanceUrl: this.instanceUrl, generation: this.renewed };
  }
}

export function stubClient(sessions: SessionSource, options: Partial<CallerOptions> = {}): SalesforceClient {
  const caller = new SalesforceCaller(sessions, {
    version: '62.0',
    timeoutMs: 5_000,
    now: () => new Date(),
    pauseMs: () => 0,
    ...options,
  });
  return new SalesforceClient('00D000000000001AAA', '005000000000001AAA', caller);
}

/** What it threw; fails when it threw nothing, or something else. */
export async function errorOf(work: PromiseLike<unknown>): Promise<SalesforceError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SalesforceError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}
