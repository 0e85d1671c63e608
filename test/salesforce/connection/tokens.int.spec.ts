import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SalesforceClients } from '../../../src/salesforce/client/salesforce-clients.js';
import type { SalesforceClient } from '../../../src/salesforce/client/salesforce-client.js';
import { ConnectionEvents } from '../../../src/salesforce/connection/connection-events.js';
import type { TestTeam } from '../../support/app.js';
import { until } from '../../support/until.js';
import { errorOf } from '../client/stub-server.js';
import { ConnectionWorld } from './world.js';

const QUERY = 'SELECT Id FROM User LIMIT 1';
const read = { deletedToo: false };

let world: ConnectionWorld;
let team: TestTeam;
let tokenCalls: () => Promise<number>;

let generation: number;

beforeAll(async () => {
  world = await ConnectionWorld.create({ workers: 2 });
  team = await world.makeTeam();
});
afterAll(() => world.close());

// Each test begins with a log-in of its own.
beforeEach(async () => {
  await world.org.control('DELETE', 'faults');
  await world.empty('salesforce_connections');
  expect((await world.connect(team)).status).toBe(200);
  generation = Number((await world.row(team))['token_generation']);
  tokenCalls = await world.org.watch('/services/oauth2/token');
});

/** The team's client in one of the processes. */
const client = (worker = 0): Promise<SalesforceClient> => {
  const app = world.apps[worker]?.app;
  if (!app) throw new Error(`There is no worker ${worker}.`);
  return app.get(SalesforceClients).for(team.teamId);
};
const expire = () => world.org.control('DELETE', 'sessions', {});
const loseTokenAnswer = () => world.org.fault({ match: { path: '/services/oauth2/token' }, effect: { cut: 'after' } });

describe('failure case 3: two workers, one expired session, rotation on', () => {
  it('make ONE token call, and both go on', async () => {
    const [first, second] = [await client(0), await client(1)];
    await expire();
    // Slow, so that both surely meet.
    await world.org.fault({ match: { path: '/services/oauth2/token' }, effect: { latencyMs: 150 } });
    const pages = await Promise.all([first, second, first, second, first, second].map((one) => one.page(QUERY, read)));
    expect(pages.map(({ records }) => records.length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await tokenCalls()).toBe(1);
    expect(await world.row(team)).toMatchObject({ status: 'connected', token_generation: generation + 1 });
  });

  it('who comes late takes what the other got', async () => {
    const [first, second] = [await client(0), await client(1)];
    await expire();
    await first.page(QUERY, read);
    await second.page(QUERY, read);
    expect(await tokenCalls()).toBe(1);
  });

  it('each of many refreshes uses the newest refresh token', async () => {
    for (let n = 0; n < 5; n++) {
      await expire();
      await (await client(n % 2)).page(QUERY, read);
    }
    expect(await tokenCalls()).toBe(5);
    expect(await world.row(team)).toMatchObject({ status: 'connected', token_generation: generation + 5 });
  });

  it('the token answer is lost after the rotation → the connection stops, the work is kept', async () => {
    const stopped: unknown[] = [];
    world.app.get(ConnectionEvents).register({
      onStopped: (_tx, which) => Promise.resolve(void stopped.push(which)),
    });
    await expire();
    await loseTokenAnswer();
    const lost = await errorOf((await client()).page(QUERY, read));
    // What happened there is not known yet: nothing is guessed.
    expect(lost).toMatchObject({ kind: 'retry', code: 'CONNECTION_RESET' });
    expect(await world.row(team)).toMatchObject({ status: 'connected', token_generation: generation });

    const error = await errorOf((await client()).page(QUERY, read));
    expect(error).toMatchObject({ kind: 'stopped', code: 'INVALID_GRANT' });
    const row = await world.row(team);
    expect(row).toMatchObject({ status: 'stopped' });
    expect(row['status_reason']).toMatch(/no longer accepts the stored log-in.*connect again/);
    expect(stopped).toEqual([{ teamId: team.teamId, connectionId: row['id'] }]);
    expect(await world.database.dataSource.query('SELECT 1 FROM salesforce_org_states')).toHaveLength(1);

    // From now on nothing is called, by nobody.
    const calls = await tokenCalls();
    await expect(client(1)).rejects.toMatchObject({ code: 'salesforce_not_connected' });
    expect(await tokenCalls()).toBe(calls);

    // And it goes on where it was once an admin connects again.
    expect((await world.connect(team)).status).toBe(200);
    expect(await world.row(team)).toMatchObject({ id: row['id'], status: 'connected', status_reason: null });
    expect((await (await client(1)).page(QUERY, read)).records).toHaveLength(1);
  });
});

describe('failure case 4: 401 for ever after a good refresh', () => {
  it('is bounded, then a clear state', async () => {
    const apiCalls = await world.org.watch('/services/data/');
    await world.org.fault({ match: { path: '/services/data/' }, times: null, effect: { refuseSession: true } });
    const error = await errorOf((await client()).page(QUERY, read));
    expect(error).toMatchObject({ kind: 'stopped', code: 'INVALID_SESSION_ID' });
    expect([await apiCalls(), await tokenCalls()]).toEqual([3, 2]);
    const view = (await world.as(team, 'GET', '/v1/salesforce/connection')).body as Record<string, unknown>;
    expect(view).toMatchObject({ status: 'stopped' });
    expect(view['reason']).toMatch(/^The session has ended, and new ones are refused too\. Connect Salesforce again\./);
    await expect(client()).rejects.toMatchObject({ code: 'salesforce_not_connected' });
    expect(await apiCalls()).toBe(3);
  });

  it('is bounded with many calls at once, too', async () => {
    await world.org.fault({ match: { path: '/services/data/' }, times: null, effect: { refuseSession: true } });
    const [first, second] = [await client(0), await client(1)];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? first : second).page(QUERY, read)),
    );
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await tokenCalls()).toBeLessThanOrEqual(4);
    expect(await world.row(team)).toMatchObject({ status: 'stopped' });
  });
});

describe('a refresh', () => {
  it('stores the new refresh token before the access token is used', async () => {
    const before = await world.row(team);
    await expire();
    // The call after the refresh fails for ever; the tokens are stored all the same.
    await world.org.fault({ match: { path: '/services/data/' }, skip: 1, times: null, effect: { cut: 'before' } });
    expect((await errorOf((await client()).page(QUERY, read))).code).toBe('CONNECTION_RESET');
    const after = await world.row(team);
    expect(after).toMatchObject({ token_generation: generation + 1, status: 'connected' });
    expect(after['refresh_token']).not.toBe(before['refresh_token']);
  });

  it('whose tokens came while the database failed stores them after all', async () => {
    const one = await client();
    await expire();
    await world.org.fault({ match: { path: '/services/oauth2/token' }, effect: { latencyMs: 1_000 } });
    const page = one.page(QUERY, read);
    await until(async () => (await tokenCalls()) === 1);
    // The transaction that waits for the token answer loses its connection.
    const killed: unknown[] = await world.database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'idle in transaction'`,
    );
    expect(killed).toHaveLength(1);
    expect((await page).records).toHaveLength(1);
    expect(await tokenCalls()).toBe(1);
    expect(await world.row(team)).toMatchObject({ status: 'connected', token_generation: generation + 1 });
  });

  it('that cannot reach Salesforce stops nothing', async () => {
    await expire();
    await world.org.fault({ match: { path: '/services/oauth2/token' }, effect: { status: 503 } });
    expect(await errorOf((await client()).page(QUERY, read))).toMatchObject({ kind: 'retry' });
    expect((await (await client()).page(QUERY, read)).records).toHaveLength(1);
  });

  it('follows a My Domain that moved', async () => {
    const moved = world.org.url.replace('127.0.0.1', 'localhost');
    await world.org.control('POST', 'org', { instanceUrl: moved });
    await expire();
    expect((await (await client()).page(QUERY, read)).records).toHaveLength(1);
    expect(await world.row(team)).toMatchObject({ instance_url: moved });
    await world.org.control('POST', 'org', { instanceUrl: world.org.url });
  });

  it('that leads to another org stops the connection', async () => {
    const { orgId } = await world.org.control<{ orgId: string }>('GET', 'state');
    await world.org.control('POST', 'org', { id: '00D000000000999' });
    await expire();
    const error = await errorOf((await client()).page(QUERY, read));
    expect(error).toMatchObject({ kind: 'stopped', code: 'ORG_CHANGED' });
    expect((await world.row(team))['status_reason']).toMatch(/another Salesforce org/);
    await world.org.control('POST', 'org', { id: orgId });
  });

  it('is not made for a connection that was disconnected meanwhile', async () => {
    const one = await client(1);
    await world.as(team, 'DELETE', '/v1/salesforce/connection');
    expect(await errorOf(one.page(QUERY, read))).toMatchObject({ kind: 'stopped', code: 'NOT_CONNECTED' });
    expect(await tokenCalls()).toBe(0);
  });

  it('of a deactivated integration user stops the connection and says so', async () => {
    const path = `users/${world.org.users[0]?.id}`;
    await world.org.control('PATCH', path, { isActive: false });
    expect((await errorOf((await client()).page(QUERY, read))).kind).toBe('stopped');
    expect((await world.row(team))['status_reason']).toMatch(/deactivated/);
    await world.org.control('PATCH', path, { isActive: true });
  });
});

it('what the org says of its API usage is shown', async () => {
  await (await client()).page(QUERY, read);
  const { body } = await world.as(team, 'GET', '/v1/salesforce/connection');
  expect(body).toMatchObject({ api_usage: { limit: 100_000, seen_at: world.clock.now().toISOString() } });
});
