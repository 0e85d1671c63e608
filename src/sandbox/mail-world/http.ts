import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from '../salesforce-org/http/response.js';
import { type Answer, type Asked, route, type Shown } from './routes.js';

const LARGEST_BODY = 64 * 1024;

export interface Mailbox {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** The web mailbox, and the same for programs; `routes.ts` has what there is. */
export async function startMailbox(shown: Shown, host: string, port: number): Promise<Mailbox> {
  const server = createServer((request, response) => {
    void answer(shown, request).then(
      (reply) => send(response, reply),
      (error: unknown) => {
        process.stderr.write(
          `mail-world: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
        send(response, json(500, { error: 'Something broke; the log of the mail world says what.' }));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${taken}`,
    port: taken,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(shown: Shown, request: IncomingMessage): Promise<Answer> {
  const refusal = foreign(request);
  if (refusal !== undefined) return json(403, { error: refusal });
  const body = await bodyOf(request);
  if (body === undefined) return json(413, { error: `The body is larger than ${LARGEST_BODY} bytes.` });
  const asked: Asked = {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://localhost'),
    body,
  };
  return route(shown, asked);
}

/** There is no log-in: why a request is not of this machine, or of another site that is open in the same browser. */
function foreign({ headers, method }: IncomingMessage): string | undefined {
  // A site that names itself to be this machine must not read the mail.
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(headers.host ?? ''))
    return 'Only this machine is answered.';
  // Nor may a page of another site have it work; following a link there is a person's doing.
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, origin } = headers;
  if (site === 'cross-site' && mode !== 'navigate') return 'Other sites are not answered.';
  // A browser that changes something for a page says which page; none of ours does.
  if (method !== 'GET' && method !== 'HEAD' && origin !== undefined) return 'Other sites are not answered.';
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
