import { randomBytes } from 'node:crypto';
import type { InjectionToken, Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { DestinationStream } from 'pino';
import request from 'supertest';
import { ApiKeysService } from '../../src/accounts/api-keys.service.js';
import { TeamsService } from '../../src/accounts/teams.service.js';
import { UsersService } from '../../src/accounts/users.service.js';
import { AppModule } from '../../src/app.module.js';
import { Config } from '../../src/config/config.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { configureHttp } from '../../src/platform/http/configure-http.js';
import { createRootLogger, ROOT_LOGGER } from '../../src/platform/logging/root-logger.js';
import { checkResponses } from './api-contract/check-responses.js';
import type { TestDatabase } from './database.js';

export interface TestApp {
  app: NestExpressApplication;
  config: Config;
  /** `http.get('/v1/me').set(bearer(key))` */
  http: ReturnType<typeof request>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  database: Pick<TestDatabase, 'url'>;
  clock?: Clock;
  /** Providers to replace: [token, value]. */
  overrides?: readonly (readonly [InjectionToken, unknown])[];
  /** Providers to replace by a class of theirs, which gets the same dependencies: [token, class]. */
  classes?: readonly (readonly [InjectionToken, Type])[];
  /** Variables of the configuration, as in the environment. */
  env?: Readonly<Record<string, string>>;
  /** Folder of the built page. */
  page?: string;
  /** Takes the log, which is silent otherwise. */
  logs?: DestinationStream;
}

export function testConfig(databaseUrl: string, env: Readonly<Record<string, string>> = {}): Config {
  return Config.fromEnvironment({
    NODE_ENV: 'test',
    // Background work happens when a test asks for it (Quiescence), unless it says ROLE=all.
    ROLE: 'api',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: '5',
    REDIS_URL: process.env.TEST_REDIS_URL,
    REDIS_PREFIX: `test-${process.env.JEST_WORKER_ID ?? '0'}-${randomBytes(6).toString('hex')}`,
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '0',
    RATE_LIMIT_PUBLIC_PER_MINUTE: '0',
    ...env,
  });
}

/** The real application on a test database, a Redis prefix of its own and a random port. */
export async function createTestApp(options: TestAppOptions): Promise<TestApp> {
  const config = testConfig(options.database.url, { LOG_LEVEL: options.logs ? 'debug' : 'silent', ...options.env });
  const builder = Test.createTestingModule({ imports: [AppModule.with(config)] });
  if (options.clock) builder.overrideProvider(Clock).useValue(options.clock);
  if (options.logs) builder.overrideProvider(ROOT_LOGGER).useValue(createRootLogger(config, options.logs));
  for (const [token, value] of options.overrides ?? []) builder.overrideProvider(token).useValue(value);
  for (const [token, type] of options.classes ?? []) builder.overrideProvider(token).useClass(type);
  const module = await builder.compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  // A worker serves no API, which is not what openapi.json is about.
  if (config.get('ROLE') !== 'worker') app.use(checkResponses);
  await configureHttp(app, options.page);
  await app.listen(0, '127.0.0.1');
  return { app, config, http: request(app.getHttpServer()), close: () => app.close() };
}

export function bearer(key: string): { Authorization: string } {
  return { Authorization: `Bearer ${key}` };
}

export interface TestUser {
  userId: string;
  key: string;
}

export interface TestTeam {
  teamId: string;
  admin: TestUser;
  reps: TestUser[];
}

/** A team with its admin and some reps, each with a key. */
export async function makeTeam(
  { app }: Pick<TestApp, 'app'>,
  options: { name?: string; reps?: number; timeZone?: string } = {},
): Promise<TestTeam> {
  const { name = 'Northwind', reps = 2, timeZone = 'UTC' } = options;
  const first = { email: 'ada@example.com', name: 'Ada Admin', timeZone };
  const { team, admin, key } = await app.get(TeamsService).create({ name, admin: first });
  const made: TestUser[] = [];
  for (let n = 1; n <= reps; n++) made.push(await makeUser({ app }, team.id, { name: `Rep ${n}`, timeZone }));
  return { teamId: team.id, admin: { userId: admin.id, key }, reps: made };
}

export async function makeUser(
  { app }: Pick<TestApp, 'app'>,
  teamId: string,
  options: { name?: string; role?: 'admin' | 'member'; timeZone?: string } = {},
): Promise<TestUser> {
  const { name = 'Rep', role = 'member', timeZone = 'UTC' } = options;
  const email = `${randomBytes(6).toString('hex')}@example.com`;
  const user = await app.get(UsersService).create(teamId, { email, name, role, timeZone });
  const { text } = await app
    .get(ApiKeysService)
    .create(teamId, { name: 'test', userId: user.id, scopes: [] }, 'operator');
  return { userId: user.id, key: text };
}
