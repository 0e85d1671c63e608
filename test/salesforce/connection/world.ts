import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { Logger as PinoLogger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import request from 'supertest';
import { AppModule } from '../../../src/app.module.js';
import { Clock } from '../../../src/platform/clock/clock.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { configureHttp } from '../../../src/platform/http/configure-http.js';
import { createRootLogger, ROOT_LOGGER } from '../../../src/platform/logging/root-logger.js';
import { ApiUsageRecorder } from '../../../src/salesforce/api-budget/api-usage-recorder.js';
import { SalesforceConnectionModule } from '../../../src/salesforce/connection/salesforce-connection.module.js';
import { seedOrg } from '../../../src/sandbox/salesforce-org/seed/seed.js';
import { type SalesforceOrg, startSalesforceOrg } from '../../../src/sandbox/salesforce-org/server.js';
import { bearer, makeTeam, type TestApp, testConfig, type TestTeam } from '../../support/app.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FakeClock } from '../../support/fake-clock.js';

export interface ControlUser {
  id: string;
  name: string;
  username: string;
  email: string;
  isActive: boolean;
}

/** What the fault switch of the simulated org takes. */
export interface FaultSpec {
  match?: { method?: string; path?: string; body?: string };
  times?: number | null;
  skip?: number;
  effect: Record<string, unknown>;
}

/** A simulated org with a sales team, on a database of its own. */
export class TestOrg {
  private constructor(
    readonly server: SalesforceOrg,
    private readonly database: { drop(): Promise<void> },
    readonly users: ControlUser[],
  ) {}

  static async start(options: { clock: FakeClock; tasks?: number }): Promise<TestOrg> {
    const database = await createEmptyDatabase();
    const server = await startSalesforceOrg({
      databaseUrl: database.url,
      now: () => options.clock.now(),
      requirePkce: true,
    });
    await seedOrg(server.pool, { tasks: options.tasks ?? 0, people: 20, now: options.clock.now() });
    const org = new TestOrg(server, database, []);
    org.users.push(...(await org.control<ControlUser[]>('GET', 'users')));
    return org;
  }

  get url(): string {
    return this.server.url;
  }

  async control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.server.url}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  fault(spec: FaultSpec): Promise<unknown> {
    return this.control('POST', 'faults', spec);
  }

  /** How often the requests of this kind came, by a fault that does nothing else. */
  async watch(path: string): Promise<() => Promise<number>> {
    const { id } = await this.control<{ id: string }>('POST', 'faults', { match: { path }, times: null, effect: {} });
    return async () => {
      const faults = await this.control<{ id: string; struck: number }[]>('GET', 'faults');
      return faults.find((fault) => fault.id === id)?.struck ?? 0;
    };
  }

  /** What a browser does: opens the page, logs in as a user and allows it. Answers where it is sent back to. */
  async allow(authorizeUrl: string, userId: string, decision = 'allow'): Promise<URL> {
    const form = new URL(authorizeUrl).searchParams;
    form.set('user', userId);
    form.set('decision', decision);
    const address = new URL('/services/oauth2/authorize', authorizeUrl);
    const response = await fetch(address, { method: 'POST', body: form.toString(), redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The org did not send back: ${response.status} ${await response.text()}`);
    return new URL(location);
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.database.drop();
  }
}

/** The application with one or several orgs that it may connect to. */
export class ConnectionWorld {
  private constructor(
    readonly clock: FakeClock,
    readonly database: TestDatabase,
    readonly org: TestOrg,
    readonly apps: TestApp[],
  ) {}

  /** `workers`: so many processes on one database, as far as the database can tell. */
  static async create(
    options: { workers?: number; tasks?: number; env?: Record<string, string>; logs?: DestinationStream } = {},
  ): Promise<ConnectionWorld> {
    const clock = new FakeClock();
    const database = await createTestDatabase();
    const org = await TestOrg.start({ clock, tasks: options.tasks });
    const world = new ConnectionWorld(clock, database, org, []);
    for (let n = 0; n < (options.workers ?? 1); n++) world.apps.push(await world.start(options));
    return world;
  }

  get test(): TestApp {
    const [first] = this.apps;
    if (!first) throw new Error('There is no application.');
    return first;
  }

  get app(): NestExpressApplication {
    return this.test.app;
  }

  makeTeam(name?: string): Promise<TestTeam> {
    return makeTeam(this.test, { name, reps: 2 });
  }

  /** All rows gone. What goes on in the background may hold some of them: a deadlock lost is begun again, as in the product. */
  async empty(table: 'teams' | 'salesforce_connections'): Promise<void> {
    await this.app.get(Transactions).run((tx) => tx.query(`DELETE FROM ${table}`));
  }

  /** The whole log-in, as an admin does it; answers the page that they end on. */
  async connect(team: TestTeam, options: { org?: TestOrg; user?: number } = {}): Promise<request.Response> {
    const { org = this.org, user = 0 } = options;
    const started = await this.as(team, 'POST', '/v1/salesforce/connection', { login_url: org.url });
    if (started.status !== 201) throw new Error(`${started.status} ${started.text}`);
    const { authorize_url: url } = started.body as { authorize_url: string };
    const back = await org.allow(url, org.users[user]?.id ?? '');
    return this.comeBack(back);
  }

  /** The browser that began comes back from Salesforce. */
  comeBack(address: URL): request.Test {
    const state = address.searchParams.get('state') ?? '';
    return this.test.http.get(address.pathname + address.search).set('Cookie', `cc_connect=${state}`);
  }

  /** A call as the team's admin. */
  async as(team: TestTeam, method: string, path: string, body?: object): Promise<request.Response> {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
    const call = this.test.http[verb](path).set(bearer(team.admin.key));
    return body === undefined ? call : call.send(body);
  }

  async row(team: TestTeam): Promise<Record<string, unknown>> {
    const rows: Record<string, unknown>[] = await this.database.dataSource.query(
      'SELECT * FROM salesforce_connections WHERE team_id = $1',
      [team.teamId],
    );
    return rows[0] ?? {};
  }

  async close(): Promise<void> {
    for (const test of this.apps) {
      await test.app.get(ApiUsageRecorder).settled();
      await test.close();
    }
    await this.org.stop();
    await this.database.drop();
  }

  private async start(options: { env?: Record<string, string>; logs?: DestinationStream }): Promise<TestApp> {
    const { clientId, clientSecret } = this.org.server;
    const config = testConfig(this.database.url, {
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_LOGIN_HOSTS: this.org.url,
      LOG_LEVEL: options.logs ? 'trace' : 'silent',
      ...options.env,
    });
    const builder = Test.createTestingModule({ imports: [AppModule.with(config), SalesforceConnectionModule] })
      .overrideProvider(Clock)
      .useValue(this.clock);
    if (options.logs) builder.overrideProvider(ROOT_LOGGER).useValue(createRootLogger(config, options.logs));
    const module = await builder.compile();
    const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
    if (options.logs) app.useLogger(app.get(PinoLogger));
    await configureHttp(app);
    await app.listen(0, '127.0.0.1');
    return { app, config, http: request(app.getHttpServer()), close: () => app.close() };
  }
}
