import { v7 as uuidv7 } from 'uuid';
import { Transactions, type Tx } from '../../src/platform/database/transactions.js';
import type { PersonView } from '../../src/command-center/people/people.dto.js';
import type { TaskHistoryPage, TaskPage, TaskView } from '../../src/command-center/tasks/tasks.dto.js';
import { type TestApp, bearer, createTestApp, makeTeam, type TestTeam } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FakeClock } from '../support/fake-clock.js';

export interface World {
  database: TestDatabase;
  clock: FakeClock;
  app: TestApp;
  end(): Promise<void>;
}

/** The real application on a database of its own, with a clock that stands still. */
export async function createWorld(at = '2026-03-04T10:00:00Z'): Promise<World> {
  const database = await createTestDatabase();
  const clock = new FakeClock(at);
  const app = await createTestApp({ database, clock });
  return {
    database,
    clock,
    app,
    async end() {
      await app.close();
      await database.drop();
    },
  };
}

export interface Answer<T> {
  status: number;
  body: T;
  etag: string | undefined;
}

export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  errors: { field: string; message: string }[];
}

/** The API as one user sees it. */
export class Client {
  constructor(
    private readonly app: TestApp,
    private readonly key: string,
  ) {}

  async send<T>(
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const pending = this.app.http[method](path).set({ ...bearer(this.key), ...headers });
    const response = await (body === undefined ? pending : pending.send(body));
    return { status: response.status, body: response.body as T, etag: response.headers.etag };
  }

  async get<T>(path: string): Promise<T> {
    return this.expecting(200, await this.send<T>('get', path)).body;
  }

  async newTask(fields: object = {}): Promise<TaskView> {
    return this.expecting(201, await this.send<TaskView>('post', '/v1/tasks', { name: 'Call Grace', ...fields })).body;
  }

  async newPerson(fields: object = {}): Promise<PersonView> {
    const answer = await this.send<PersonView>('post', '/v1/people', { name: 'Grace', ...fields });
    return this.expecting(201, answer).body;
  }

  /** A change that must succeed. */
  async change(id: string, verb: string, body: object = {}): Promise<TaskView> {
    return this.expecting(200, await this.send<TaskView>('post', `/v1/tasks/${id}/${verb}`, body)).body;
  }

  async edit(task: { id: string; version: number }, body: object): Promise<TaskView> {
    return this.expecting(200, await this.tryEdit<TaskView>(task, body)).body;
  }

  tryEdit<T = ProblemBody>(task: { id: string; version: number }, body: object): Promise<Answer<T>> {
    return this.send<T>('patch', `/v1/tasks/${task.id}`, body, { 'If-Match': `"v${task.version}"` });
  }

  refusal(
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
    body?: object,
  ): Promise<Answer<ProblemBody>> {
    return this.send<ProblemBody>(method, path, body);
  }

  /** All pages of a list, one after the other. */
  async all<T>(path: string, limit = 200): Promise<T[]> {
    const rows: T[] = [];
    const separator = path.includes('?') ? '&' : '?';
    for (let after: string | null = ''; after !== null;) {
      const cursor: string = after && `&after=${encodeURIComponent(after)}`;
      const page: { data: T[]; next: string | null } = await this.get(`${path}${separator}limit=${limit}${cursor}`);
      rows.push(...page.data);
      after = page.next;
    }
    return rows;
  }

  async names(query: string): Promise<string[]> {
    const page = await this.get<TaskPage>(`/v1/tasks?${query}&limit=200`);
    return page.data.map((task) => task.name);
  }

  async history(id: string): Promise<{ field: string; old: string | null; new: string | null; by: string }[]> {
    const page = await this.get<TaskHistoryPage>(`/v1/tasks/${id}/history`);
    return page.data.map(({ field, old, new: value, who }) => ({ field, old, new: value, by: who.name })).reverse();
  }

  private expecting<T>(status: number, answer: Answer<T>): Answer<T> {
    if (answer.status === status) return answer;
    throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}

export interface Team extends TestTeam {
  adminClient: Client;
  repClients: Client[];
}

export async function newTeam(world: World, options: Parameters<typeof makeTeam>[1] = {}): Promise<Team> {
  const team = await makeTeam(world.app, options);
  return {
    ...team,
    adminClient: new Client(world.app, team.admin.key),
    repClients: team.reps.map(({ key }) => new Client(world.app, key)),
  };
}

export function inTransaction<T>(world: World, work: (tx: Tx) => Promise<T>): Promise<T> {
  return world.app.app.get(Transactions).run(work);
}

export function newId(): string {
  return uuidv7();
}
