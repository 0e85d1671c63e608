import { Connection } from 'jsforce';
import { startSalesforceOrg } from '../../../src/sandbox/salesforce-org/server.js';
import type { SalesforceOrg, SalesforceOrgOptions } from '../../../src/sandbox/salesforce-org/server.js';
import { seedOrg } from '../../../src/sandbox/salesforce-org/seed/seed.js';
import { createEmptyDatabase } from '../../support/database.js';

export const NOW = new Date('2026-03-18T12:00:00.700Z');

export interface TestOrg extends SalesforceOrg {
  /** Users in the order of their ids: the integration user, ten reps, one inactive. */
  users: ControlUser[];
  connect(user?: number): Promise<Connection>;
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlUser {
  id: string;
  name: string;
  username: string;
  isActive: boolean;
}

/** An org of this file's own whose clock stands still at NOW, with a team and as many tasks as wanted. */
export async function startTestOrg(tasks = 0, options: Partial<SalesforceOrgOptions> = {}): Promise<TestOrg> {
  const database = await createEmptyDatabase();
  const org = await startSalesforceOrg({ databaseUrl: database.url, now: () => NOW, ...options });
  await seedOrg(org.pool, { tasks, people: 50, now: NOW });

  async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${org.url}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  const users = await control<ControlUser[]>('GET', 'users');
  return {
    ...org,
    users,
    control,
    async connect(user = 0) {
      const session = await control<{ accessToken: string; instanceUrl: string }>('POST', 'sessions', {
        userId: users[user]?.id,
      });
      return new Connection({ ...session, version: '60.0' });
    },
    async advance(ms) {
      await control('POST', 'clock', { advanceMs: ms });
    },
    async stop() {
      await org.close();
      await database.drop();
    },
  };
}

/** What a refused call of jsforce threw: its Salesforce code and message. */
export async function refusal(promise: PromiseLike<unknown>): Promise<{ errorCode: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) {
      return { errorCode: 'errorCode' in error ? String(error.errorCode) : error.name, message: error.message };
    }
  }
  throw new Error('it was not refused');
}

export interface SaveResult {
  id?: string;
  success: boolean;
  created?: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
}

export type Fields = Record<string, unknown>;

/** Collection calls as they go over the wire, without jsforce's typing of records. */
export function collection(
  conn: Connection,
  method: 'POST' | 'PATCH',
  records: Fields[],
  allOrNone = false,
  path = '',
) {
  const typed = records.map((r) => ({ attributes: { type: 'Task' }, ...r }));
  return conn.request<SaveResult[]>({
    method,
    url: `/composite/sobjects${path}`,
    body: JSON.stringify({ allOrNone, records: typed }),
    headers: { 'content-type': 'application/json' },
  });
}

export async function createTask(conn: Connection, fields: Fields): Promise<string> {
  const { id } = await conn.requestPost<{ id: string }>('/sobjects/Task', fields);
  return id;
}

export function getTask(conn: Connection, id: string): Promise<Fields> {
  return conn.requestGet<Fields>(`/sobjects/Task/${id}`);
}
