import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SalesforceClients } from '../../../src/salesforce/client/salesforce-clients.js';
import type { TestApp, TestTeam } from '../../support/app.js';
import { ConnectionWorld } from './world.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const certificate = String(publicKey.export({ type: 'spki', format: 'pem' }));

let world: ConnectionWorld;
let team: TestTeam;
const lines: string[] = [];

beforeAll(async () => {
  world = await ConnectionWorld.create({
    workers: 2,
    env: { SALESFORCE_JWT_PRIVATE_KEY: pem },
    logs: { write: (line: string) => void lines.push(line) },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.org.control('DELETE', 'faults');
  await world.org.control('POST', 'jwt', { publicKey: certificate });
  await world.org.control('POST', 'clock', { offsetMs: 0 });
  await world.empty('teams');
  team = await world.makeTeam();
});

const username = () => world.org.users[0]?.username ?? '';
const connect = (as = username()) =>
  world.as(team, 'POST', '/v1/salesforce/connection/jwt', { username: as, login_url: world.org.url });
const view = async () => (await world.as(team, 'GET', '/v1/salesforce/connection')).body as Record<string, unknown>;
const callBy = async ({ app }: Pick<TestApp, 'app'>) => {
  const client = await app.get(SalesforceClients).for(team.teamId);
  return client.page('SELECT Id FROM User LIMIT 1', { purpose: 'users', deletedToo: false });
};
const sessions = async (): Promise<number> =>
  (await world.org.server.pool.query('SELECT 1 FROM sf_session WHERE NOT expired')).rowCount ?? 0;

describe('the JWT bearer flow', () => {
  it('connects at once, without a person and without a refresh token', async () => {
    const { status, body } = await connect();
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        ...{ status: 'connected', method: 'jwt', key_ready: true, instance_url: world.org.url },
        integration_user: { id: world.org.users[0]?.id, username: username() },
      }),
    ]);
    expect(await world.row(team)).toMatchObject({ refresh_token: null, method: 'jwt' });
    await callBy(world.test);
  });

  it('renews by another signature; of two workers that lack a session one asks', async () => {
    await connect();
    const asked = await world.org.watch('/services/oauth2/token');
    await world.org.control('DELETE', 'sessions');
    await Promise.all([...world.apps, ...world.apps].map((app) => callBy(app)));
    expect(await asked()).toBe(1);
    expect(await view()).toMatchObject({ status: 'connected' });
  });

  it('loses nothing with a lost answer: the next one is as good', async () => {
    await connect();
    await world.org.control('DELETE', 'sessions');
    await world.org.fault({ match: { path: '/services/oauth2/token' }, times: 1, effect: { cut: 'after' } });
    await expect(callBy(world.test)).rejects.toMatchObject({ kind: 'retry' });
    await callBy(world.test);
    expect(await view()).toMatchObject({ status: 'connected' });
  });

  it.each([
    ['no certificate', {}, 'Upload the certificate'],
    ['another certificate', { publicKey: otherCertificate() }, 'Upload the certificate'],
    [
      'another audience',
      { publicKey: certificate, audience: 'https://login.salesforce.com' },
      'https://test.salesforce.com for a sandbox',
    ],
    ['a user who is not approved', { publicKey: certificate, approved: [] }, 'admin approved users are pre-authorized'],
  ])('with %s says what to do, and keeps nothing', async (_, setUp, words) => {
    await world.org.control('POST', 'jwt', setUp);
    const { status, body } = await connect();
    expect([status, (body as { detail: string }).detail]).toEqual([502, expect.stringContaining(words)]);
    expect(await view()).toMatchObject({ status: 'not_connected' });
  });

  it('with a user of another name says that nobody approved it', async () => {
    const { body } = await connect('nobody@acme.example');
    expect((body as { detail: string }).detail).toContain('hasn’t approved'.replace('’', "'"));
  });

  it.each([-3, 3])('with our clock %i minutes off says so', async (minutes) => {
    await world.org.control('POST', 'clock', { offsetMs: -minutes * 60_000 });
    const { status, body } = await connect();
    expect([status, (body as { detail: string }).detail]).toEqual([
      502,
      expect.stringContaining('the clock of this server'),
    ]);
  });

  it('rests with a sentence while the certificate is not in Salesforce, and goes on by itself', async () => {
    await connect();
    await world.org.control('DELETE', 'sessions');
    await world.org.control('POST', 'jwt', {});
    await expect(callBy(world.test)).rejects.toMatchObject({ code: 'JWT_ASSERTION_INVALID', kind: 'admin' });
    expect(await view()).toMatchObject({ status: 'connected' });
    await world.org.control('POST', 'jwt', { publicKey: certificate });
    await callBy(world.test);
  });

  it('stops when the app no longer approves the user, until somebody connects again', async () => {
    await connect();
    await world.org.control('DELETE', 'sessions');
    await world.org.control('POST', 'jwt', { publicKey: certificate, approved: [] });
    await expect(callBy(world.test)).rejects.toMatchObject({ kind: 'stopped' });
    expect(await view()).toMatchObject({
      status: 'stopped',
      reason: expect.stringContaining('admin approved users are pre-authorized'),
    });
    await world.org.control('POST', 'jwt', { publicKey: certificate });
    expect((await connect()).status).toBe(200);
    await callBy(world.test);
  });

  it('is not stopped while this installation has lost its key, and goes on when it is back', async () => {
    await connect();
    await world.org.control('DELETE', 'sessions');
    const { config } = world.test;
    const get = config.get.bind(config);
    config.get = ((name) => (name === 'SALESFORCE_JWT_PRIVATE_KEY' ? [] : get(name))) as typeof config.get;
    await expect(callBy(world.test)).rejects.toMatchObject({ code: 'JWT_KEY_MISSING', kind: 'admin' });
    expect(await view()).toMatchObject({ status: 'connected', key_ready: false });
    config.get = get;
    await callBy(world.test);
  });

  it('takes over from a log-in and gives back to one; the connection stays the same', async () => {
    await world.connect(team);
    const before = await world.row(team);
    await connect();
    expect(await world.row(team)).toMatchObject({ id: before['id'], method: 'jwt', refresh_token: null });
    await callBy(world.test);
    await world.connect(team);
    const after = await world.row(team);
    expect(after).toMatchObject({ id: before['id'], method: 'web', refresh_token: expect.any(String) });
    await callBy(world.test);
  });

  it('ends its session in Salesforce when the team disconnects', async () => {
    await connect();
    const before = await sessions();
    await world.as(team, 'DELETE', '/v1/salesforce/connection');
    expect(await sessions()).toBe(before - 1);
  });

  it('opens no org for a team that has not logged in there, where several teams share the installation', async () => {
    const asked = await world.org.watch('/services/oauth2/token');
    const other = await world.makeTeam('Other');
    const first = await connect();
    expect([first.status, first.text]).toEqual([409, expect.stringContaining('log in to the org once')]);
    expect(await asked()).toBe(0);
    await world.connect(team);
    expect((await connect()).status).toBe(200);
    team = other;
    expect((await connect()).status).toBe(409);
    expect(await view()).toMatchObject({ status: 'not_connected' });
  });

  it('writes no token and no signature into the log', async () => {
    lines.length = 0;
    await connect();
    await callBy(world.test);
    const log = lines.join('');
    expect(log).not.toBe('');
    expect(log).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    expect(log).not.toContain(pem.split('\n')[1]);
    const { rows } = await world.org.server.pool.query<{ token: string }>('SELECT token FROM sf_session');
    for (const { token } of rows) expect(log).not.toContain(token);
  });
});

describe('without a key', () => {
  it('the JWT bearer flow says what to set', async () => {
    const other = await ConnectionWorld.create();
    team = await other.makeTeam();
    const body = { username: 'x@acme.example', login_url: other.org.url };
    const answer = await other.as(team, 'POST', '/v1/salesforce/connection/jwt', body);
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('SALESFORCE_JWT_PRIVATE_KEY')]);
    await other.close();
  });
});

function otherCertificate(): string {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return String(other.publicKey.export({ type: 'spki', format: 'pem' }));
}
