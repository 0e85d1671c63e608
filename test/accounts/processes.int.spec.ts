import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../src/sandbox/servers/free-port.js';
import { createEmptyDatabase } from '../support/database.js';
import { runSource } from '../support/run-process.js';

jest.setTimeout(180_000);

describe('the processes that an operator starts', () => {
  let database: { url: string; drop(): Promise<void> };
  let port: number;
  const environment = () => ({
    DATABASE_URL: database.url,
    REDIS_URL: String(process.env.TEST_REDIS_URL),
    REDIS_PREFIX: `processes-${process.pid}`,
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    PORT: String(port),
  });
  const cli = async (args: string[], env: Record<string, string> = {}) => {
    const run = runSource('src/cli.ts', args, { ...environment(), ...env });
    const code = await run.ended;
    return { code, output: run.output().trim() };
  };

  beforeAll(async () => {
    database = await createEmptyDatabase();
    port = await freePort();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('make a schema, a team and keys on the command line, and serve them over HTTP until they are told to end', async () => {
    const early = await cli(['team', 'list']);
    expect([early.code, early.output]).toEqual([
      1,
      'The migrations are not all applied: run the verb "migrate" first.',
    ]);
    expect(await cli(['migrate'])).toEqual({ code: 0, output: 'All migrations are applied.' });
    expect(await cli(['team', 'list'])).toMatchObject({ code: 0, output: expect.stringMatching(/no team yet/) });

    const who = ['--admin-email', 'Ada@Example.com', '--admin-name', 'Ada', '--time-zone', 'Europe/Berlin'];
    const made = await cli(['team', 'create', '--name', 'Northwind', ...who, '--json']);
    const team = JSON.parse(made.output) as { team_id: string; user_id: string; key: string };
    const scoped = await cli(['key', 'create', '--team', team.team_id, '--scopes', 'team:read', '--json']);
    const { key } = JSON.parse(scoped.output) as { key: string };

    const server = runSource('src/main.ts', [], environment());
    const address = /http:\/\/\S+?(?=")/.exec(await server.line('is ready at'))![0];
    const get = async (as: string) => {
      const answer = await fetch(`${address}/v1/me`, { headers: { authorization: `Bearer ${as}` } });
      return (await answer.json()) as object;
    };
    const user = { email: 'ada@example.com', time_zone: 'Europe/Berlin' };
    expect(await get(team.key)).toMatchObject({ role: 'admin', user });
    expect(await get(key)).toMatchObject({ user: null, scopes: ['team:read'] });
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.output()).not.toContain(team.key);
  });

  it('say in a line what is wrong with a verb', async () => {
    const wrong: [string[], RegExp][] = [
      [['key', 'create', '--team', 'x', '--scopes', 'team:read'], /^There is no such team\.$/],
      [['team', 'create', '--name', 'x'], /^error: required option '--admin-email <email>' not specified$/],
    ];
    const answers = await Promise.all(wrong.map(([args]) => cli(args)));
    expect(answers).toEqual(wrong.map(([, message]) => ({ code: 1, output: expect.stringMatching(message) })));
  });

  it('say in a line what keeps them from starting', async () => {
    const start = async (env: Record<string, string>) => {
      const run = runSource('src/main.ts', [], { ...environment(), ...env });
      return { code: await run.ended, output: run.output().trim() };
    };
    const [noPostgres, noRedis, unfit] = await Promise.all([
      start({ DATABASE_URL: 'postgres://user:hidden@127.0.0.1:1/x' }),
      start({ REDIS_URL: 'redis://127.0.0.1:1' }),
      start({ NODE_ENV: 'production', SALESFORCE_LOGIN_HOSTS: 'http://127.0.0.1:9', ENCRYPTION_KEYS: '' }),
    ]);
    expect(noPostgres).toEqual({
      code: 1,
      output: 'Postgres at 127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1. Check DATABASE_URL.',
    });
    expect(noRedis).toEqual({
      code: 1,
      output: 'Redis at 127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1. Check REDIS_URL.',
    });
    expect(unfit.code).toBe(1);
    for (const name of ['PUBLIC_URL', 'SALESFORCE_LOGIN_HOSTS', 'ENCRYPTION_KEYS'])
      expect(unfit.output).toContain(name);
  });
});
