import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeId, PREFIX } from '../../../src/sandbox/salesforce-org/ids.js';
import { account, accountsOf, changedTask, type Named, peopleOf, person, type Task, task } from './org-data.js';

// Salesforce as far as a benchmark needs it, in a process of its own and as cheap as can be: every answer is prepared
// or put together from prepared pieces. It keeps no state but counters; what is written is confirmed and forgotten.

export interface StandInOptions {
  tasks: number;
  reps: number;
  /** Whether Tasks are asked for by id, besides page by page. */
  tasksById: boolean;
  /** How many of them were changed, as the pull meets them once they are (`/bench/change`). */
  changed?: number;
}

export interface Usage {
  calls: number;
  cpuSeconds: number;
  created: number;
  updated: number;
  deleted: number;
}

const PAGE = 2_000;
const options = JSON.parse(process.argv[2] ?? '{}') as StandInOptions;
/** By the last id of the page before; '' for the first. */
const pages = new Map<string, Buffer>();
/** The same for the pull. */
const changedPages = new Map<string, Buffer>();
let isChanged = false;
const byId = new Map<string, Buffer>();
const usage = { calls: 0, created: 0, updated: 0, deleted: 0 };
let cpu = process.cpuUsage();
let newIds = 0;

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');
const NULL = Buffer.from('null');
const EMPTY = json({ totalSize: 0, done: true, records: [] });
const STATUSES = json({
  totalSize: 3,
  done: true,
  records: [
    { ApiName: 'Not Started', IsClosed: false, IsDefault: true },
    { ApiName: 'In Progress', IsClosed: false, IsDefault: false },
    { ApiName: 'Completed', IsClosed: true, IsDefault: false },
  ],
});
const PRIORITIES = json({
  totalSize: 3,
  done: true,
  records: [
    { ApiName: 'High', IsHighPriority: true, IsDefault: false },
    { ApiName: 'Normal', IsHighPriority: false, IsDefault: true },
    { ApiName: 'Low', IsHighPriority: false, IsDefault: false },
  ],
});
const DESCRIBE = json({
  name: 'Task',
  createable: true,
  updateable: true,
  deletable: true,
  queryable: true,
  fields: [
    { name: 'Id', type: 'id', unique: false, externalId: false, createable: false, updateable: false },
    { name: 'Subject', type: 'combobox', unique: false, externalId: false, createable: true, updateable: true },
    {
      name: 'Command_Center_Key__c',
      type: 'string',
      unique: true,
      externalId: true,
      createable: true,
      updateable: true,
    },
  ],
});

prepare();

const server = createServer((request, response) => {
  answer(request).then(
    (body) => {
      response.writeHead(200, {
        'content-type': 'application/json;charset=UTF-8',
        'content-length': body.length,
        'sforce-limit-info': `api-usage=${usage.calls}/1000000`,
      });
      response.end(body);
    },
    (error: unknown) => {
      const errors = [{ errorCode: 'MALFORMED_QUERY', message: String(error) }];
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(errors));
    },
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());

async function answer(request: IncomingMessage): Promise<Buffer> {
  const url = new URL(request.url ?? '', 'http://localhost');
  if (url.pathname === '/bench/usage') return takeUsage();
  if (url.pathname === '/bench/change') {
    isChanged = true;
    return json({});
  }
  usage.calls += 1;
  const path = url.pathname.replace(/^\/services\/data\/v[\d.]+/, '');
  if (path === '/query' || path === '/queryAll') return query(url.searchParams.get('q') ?? '');
  if (path === '/sobjects/Task/describe') return DESCRIBE;
  if (path === '/composite') return composite(await textOf(request));
  if (path === '/composite/sobjects')
    return write(request.method ?? '', url.search, JSON.parse((await textOf(request)) || '{}'));
  if (path.startsWith('/composite/sobjects/')) return retrieve(await textOf(request));
  throw new Error(`The stand-in knows no ${request.method} ${path}.`);
}

function query(soql: string): Buffer {
  if (soql.includes('FROM TaskStatus')) return STATUSES;
  if (soql.includes('FROM TaskPriority')) return PRIORITIES;
  if (soql.includes('COUNT()')) return json({ totalSize: options.tasks, done: true, records: [] });
  const after = /Id > '(\w+)'/.exec(soql)?.[1] ?? '';
  if (soql.includes('ORDER BY SystemModstamp')) return (isChanged && changedPages.get(after)) || EMPTY;
  if (!soql.includes('ORDER BY Id')) throw new Error(`The stand-in does not know this query: ${soql}`);
  const page = pages.get(after);
  if (!page) throw new Error(`No page begins after ${after}.`);
  return page;
}

function retrieve(text: string): Buffer {
  const { ids } = JSON.parse(text) as { ids: string[] };
  const parts: Buffer[] = [];
  for (const id of ids) parts.push(parts.length === 0 ? OPEN : COMMA, byId.get(id) ?? NULL);
  return Buffer.concat([...parts, CLOSE]);
}

interface Part {
  method: string;
  url: string;
  referenceId: string;
  body?: Saving;
}
interface Saving {
  records?: { id?: string }[];
}

function composite(text: string): Buffer {
  const { compositeRequest } = JSON.parse(text) as { compositeRequest: Part[] };
  return json({
    compositeResponse: compositeRequest.map(({ method, url, referenceId, body }) => ({
      body: results(method, url, body),
      httpHeaders: {},
      httpStatusCode: 200,
      referenceId,
    })),
  });
}

function write(method: string, search: string, body: unknown): Buffer {
  return json(results(method, search, body as Saving));
}

function results(method: string, url: string, body: Saving | undefined) {
  const ids = /[?&]ids=([^&]*)/.exec(url)?.[1]?.split(',') ?? body?.records?.map(({ id }) => id ?? newTaskId()) ?? [];
  usage[method === 'DELETE' ? 'deleted' : method === 'POST' ? 'created' : 'updated'] += ids.length;
  return ids.map((id) => ({ id, success: true, errors: [] }));
}

function newTaskId(): string {
  newIds += 1;
  return makeId(PREFIX.Task, 1_000_000_000 + newIds);
}

function takeUsage(): Buffer {
  const { user, system } = process.cpuUsage(cpu);
  const taken = json({ ...usage, cpuSeconds: (user + system) / 1e6 });
  usage.calls = usage.created = usage.updated = usage.deleted = 0;
  cpu = process.cpuUsage();
  return taken;
}

function prepare(): void {
  const { tasks, reps, tasksById } = options;
  let after = '';
  for (let start = 0; start === 0 || start <= tasks; start += PAGE) {
    const rows: string[] = [];
    let last = '';
    for (let n = start; n < Math.min(start + PAGE, tasks); n++) {
      const row = task(n, tasks, reps);
      const text = recordText('Task', row);
      rows.push(text);
      if (tasksById) byId.set(row.Id, Buffer.from(text));
      last = row.Id;
    }
    pages.set(after, Buffer.from(`{"totalSize":${rows.length},"done":true,"records":[${rows.join(',')}]}`));
    after = last;
  }
  prepareChanged();
  for (let n = 0; n < peopleOf(tasks); n++) keep(person(n));
  for (let n = 0; n < accountsOf(tasks); n++) keep(account(n));
}

/** Spread over all tasks, a hundred in each second of one night. */
function prepareChanged(): void {
  const { tasks, reps, changed = 0 } = options;
  const night = Date.UTC(2026, 0, 5);
  let after = '';
  for (let start = 0; start < changed; start += PAGE) {
    const rows: Task[] = [];
    for (let i = start; i < Math.min(start + PAGE, changed); i++) {
      const n = Math.floor((i * tasks) / changed);
      rows.push(changedTask(n, tasks, reps, night + Math.floor(i / 100) * 1_000));
    }
    const texts = rows.map((row) => recordText('Task', row));
    changedPages.set(after, Buffer.from(`{"totalSize":${rows.length},"done":true,"records":[${texts.join(',')}]}`));
    after = rows.at(-1)?.Id ?? '';
  }
}

function keep(record: Named): void {
  const type = { '001': 'Account', '003': 'Contact' }[record.Id.slice(0, 3)] ?? 'Lead';
  byId.set(record.Id, Buffer.from(recordText(type, record)));
}

function recordText(type: string, record: { Id: string }): string {
  const attributes = { type, url: `/services/data/v62.0/sobjects/${type}/${record.Id}` };
  return JSON.stringify({ attributes, ...record });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
