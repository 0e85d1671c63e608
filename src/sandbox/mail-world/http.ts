import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html, json } from '../salesforce-org/http/response.js';
import { mailboxPage, messagePage } from './pages.js';
import type { MailStore } from './store.js';

const PAGE_ROWS = 50;
const MOST_ROWS = 200;

/** Nothing in it runs, nothing is fetched from anywhere, and it is nobody's origin. */
const MESSAGE_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export interface Mailbox {
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * The web mailbox, and the same for programs:
 *
 *   GET    /mailbox/messages?to=&before=&limit=   → {messages: […]}, newest first, with text and html
 *   DELETE /mailbox/messages                      forgets all
 */
export async function startMailbox(store: MailStore, host: string, port: number): Promise<Mailbox> {
  const server = createServer((request, response) => {
    void answer(store, request).then(
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

async function answer(store: MailStore, request: IncomingMessage): Promise<Answer> {
  // A site that names itself to be this machine must not read the mail.
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(request.headers.host ?? '')) {
    return json(403, { error: 'Only this machine is answered.' });
  }
  // Nor may a page of another site have it work; following a link there is a person's doing.
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  if (site === 'cross-site' && mode !== 'navigate') return json(403, { error: 'Other sites are not answered.' });
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, head, id = '', part] = url.pathname.split('/');
  const route = `${request.method ?? 'GET'} ${head === 'messages' ? `message ${part ?? 'page'}` : url.pathname}`;
  if (head === 'messages' && !/^\d{1,15}$/.test(id)) return notFound();
  switch (route) {
    case 'GET /':
      return listPage(store, url.searchParams);
    case 'GET message page': {
      const message = await store.open(id);
      return message ? page(messagePage(message)) : notFound();
    }
    case 'GET message html': {
      const message = await store.open(id);
      return message?.html == null ? notFound() : page(`<base target="_blank">${message.html}`, MESSAGE_POLICY);
    }
    case 'GET message raw': {
      const raw = await store.raw(id);
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
      return raw
        ? { status: 200, headers: { ...headers, 'Content-Security-Policy': MESSAGE_POLICY }, body: raw }
        : notFound();
    }
    case 'GET /mailbox/messages':
      return json(200, { messages: await opened(store, url.searchParams) });
    case 'DELETE /mailbox/messages':
      // A browser that sends this for another site says which.
      if (request.headers.origin !== undefined) return json(403, { error: 'Other sites are not answered.' });
      await store.clear();
      return json(204, undefined);
    default:
      return notFound();
  }
}

async function listPage(store: MailStore, params: URLSearchParams): Promise<Answer> {
  const to = params.get('to') ?? '';
  const rows = await store.list({ to, before: beforeOf(params), limit: PAGE_ROWS });
  const shown = rows.slice(0, PAGE_ROWS);
  return page(mailboxPage(shown, to, rows.length > PAGE_ROWS ? shown.at(-1)?.id : undefined));
}

async function opened(store: MailStore, params: URLSearchParams): Promise<unknown[]> {
  const limit = Math.min(MOST_ROWS, Math.max(1, Number(params.get('limit')) || PAGE_ROWS));
  const rows = await store.list({ to: params.get('to') ?? '', before: beforeOf(params), limit });
  const messages: unknown[] = [];
  // One after the other: each may be large.
  for (const { id } of rows.slice(0, limit)) messages.push(await store.open(id));
  return messages;
}

function beforeOf(params: URLSearchParams): string | undefined {
  const before = params.get('before') ?? '';
  return /^\d{1,15}$/.test(before) ? before : undefined;
}

const page = (text: string, policy = PAGE_POLICY): Answer =>
  html(200, text, { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' });
const notFound = (): Answer => json(404, { error: 'There is no such page or message.' });

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
