import { html, json } from '../salesforce-org/http/response.js';
import type { Attempts } from './attempts.js';
import { InvalidControl, readControl } from './control.js';
import { copiesReport } from './copies.js';
import type { Faults } from './faults.js';
import { mailboxPage, messagePage } from './pages.js';
import type { Provider } from './provider.js';
import type { MailStore, Search } from './store.js';

const PAGE_ROWS = 50;
const MOST_ROWS = 200;

/** Nothing in it runs, nothing is fetched from anywhere, and it is nobody's origin. */
const MESSAGE_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export interface Asked {
  method: string;
  url: URL;
  body: string;
}

/** What is shown and what may be changed. */
export interface Shown {
  store: MailStore;
  faults: Faults;
  attempts: Attempts;
  provider: Provider;
}

/**
 *   GET    /, /messages/ID…                                 pages for a person
 *   GET    /mailbox/messages?to=&recipient=&before=&limit=  → {messages: […]}, newest first, with text and html; `to` is
 *                                                             a part of an address, `recipient` the whole of it
 *   DELETE /mailbox/messages                                forgets all, also who tried whom before
 *   GET    /mailbox/copies                                  → CopiesReport: who has one email twice
 *   …      /oauth/…                                         Google and Microsoft (provider.ts)
 *   GET    /control                                         → Control, and how often each fault struck
 *   PUT    /control                                         a part of Control; the rest is at rest
 */
export async function route({ store, faults, attempts, provider }: Shown, asked: Asked): Promise<Answer> {
  const { method, url, body } = asked;
  const [, head, id = '', part] = url.pathname.split('/');
  if (head === 'oauth') return (await provider.route(asked)) ?? notFound();
  if (head === 'messages') return method === 'GET' ? messageRoute(store, id, part ?? 'page') : notFound();
  switch (`${method} ${url.pathname}`) {
    case 'GET /':
      return listPage(store, faults, url.searchParams);
    case 'GET /mailbox/messages':
      return json(200, { messages: await opened(store, url.searchParams) });
    case 'DELETE /mailbox/messages':
      attempts.clear();
      await store.clear();
      return json(204, undefined);
    case 'GET /mailbox/copies':
      return json(200, await copiesReport(store.pool));
    case 'PUT /control':
      return setControl(faults, body);
    case 'GET /control':
      return json(200, { ...faults.control, struck: faults.struck });
    default:
      return notFound();
  }
}

async function messageRoute(store: MailStore, id: string, part: string): Promise<Answer> {
  if (!/^\d{1,15}$/.test(id)) return notFound();
  switch (part) {
    case 'page': {
      const message = await store.open(id);
      return message ? page(messagePage(message)) : notFound();
    }
    case 'html': {
      const message = await store.open(id);
      return message?.html == null ? notFound() : page(`<base target="_blank">${message.html}`, MESSAGE_POLICY);
    }
    case 'raw': {
      const raw = await store.raw(id);
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
      return raw
        ? { status: 200, headers: { ...headers, 'Content-Security-Policy': MESSAGE_POLICY }, body: raw }
        : notFound();
    }
    default:
      return notFound();
  }
}

function setControl(faults: Faults, body: string): Answer {
  try {
    faults.set(readControl(JSON.parse(body)));
  } catch (error) {
    if (error instanceof InvalidControl) return json(400, { error: error.message });
    if (error instanceof SyntaxError) return json(400, { error: 'It must be JSON.' });
    throw error;
  }
  return json(200, { ...faults.control, struck: faults.struck });
}

async function listPage(store: MailStore, faults: Faults, params: URLSearchParams): Promise<Answer> {
  const search = searchOf(params, PAGE_ROWS);
  const rows = await store.list(search);
  const shown = rows.slice(0, PAGE_ROWS);
  const older = rows.length > PAGE_ROWS ? shown.at(-1)?.id : undefined;
  const faultsOn = faults.onCommand();
  return page(
    mailboxPage({ messages: shown, to: search.to ?? '', isFirst: search.before === undefined, older, faultsOn }),
  );
}

async function opened(store: MailStore, params: URLSearchParams): Promise<unknown[]> {
  const limit = Math.min(MOST_ROWS, Math.max(1, Math.floor(Number(params.get('limit'))) || PAGE_ROWS));
  const rows = await store.list(searchOf(params, limit));
  const messages: unknown[] = [];
  // One after the other: each may be large.
  for (const { id } of rows.slice(0, limit)) messages.push(await store.open(id));
  return messages;
}

function searchOf(params: URLSearchParams, limit: number): Search {
  const before = params.get('before') ?? '';
  return {
    to: params.get('to') ?? '',
    recipient: params.get('recipient') ?? '',
    ...(/^\d{1,15}$/.test(before) && { before }),
    limit,
  };
}

const page = (text: string, policy = PAGE_POLICY): Answer =>
  html(200, text, { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' });
const notFound = (): Answer => json(404, { error: 'There is no such page or message.' });
