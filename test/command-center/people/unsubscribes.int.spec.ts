import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import type { BlockedDomainList, UnsubscribeView } from '../../../src/command-center/people/unsubscribes.dto.js';
import { Unsubscribes } from '../../../src/command-center/people/unsubscribes.js';
import { type Client, createWorld, inTransaction, newId, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let admin: Client;
let rep: Client;
let mate: Client;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  admin = team.adminClient;
  [rep, mate] = team.repClients as [Client, Client];
});

const act = (client: Client, id: string, verb: string, body: object = {}) =>
  client.send<PersonView>('post', `/v1/people/${id}/${verb}`, body);
const historyOf = (client: Client, id: string, limit = 200) =>
  client.all<UnsubscribeView>(`/v1/people/${id}/unsubscribes`, limit);
const actions = async () =>
  (await admin.all<{ action: string }>('/v1/audit'))
    .map(({ action }) => action)
    .filter((one) => !one.startsWith('user.'));

describe('unsubscribing', () => {
  test('is for whoever sees the person, kept with its history; only admins take it back, with a reason', async () => {
    const person = await rep.newPerson();
    const answer = await act(rep, person.id, 'unsubscribe', { reason: 'said so' });
    expect(answer).toMatchObject({
      status: 200,
      body: { unsubscribed_at: world.clock.now().toISOString(), version: 2 },
    });
    expect(await act(rep, person.id, 'resubscribe', { reason: 'x' })).toMatchObject({ status: 403 });
    expect(await act(admin, person.id, 'resubscribe')).toMatchObject({ status: 400 });
    const back = await act(admin, person.id, 'resubscribe', { reason: 'asked on the phone' });
    expect(back).toMatchObject({ status: 200, body: { unsubscribed_at: null } });
    expect(await act(admin, person.id, 'resubscribe', { reason: 'again' })).toMatchObject({ status: 409 });
    expect(await historyOf(rep, person.id)).toMatchObject([
      { what: 'resubscribed', source: 'manual', reason: 'asked on the phone', who: { name: 'Ada Admin' } },
      { what: 'unsubscribed', source: 'manual', reason: 'said so', who: { name: 'Rep 1' } },
    ]);
    expect(await historyOf(rep, person.id, 1)).toHaveLength(2);
    expect(await actions()).toContain('person.resubscribed');
    expect(await actions()).not.toContain('person.unsubscribed');
  });

  test('by an admin, of somebody else’s private person, is in the audit log', async () => {
    const person = await rep.newPerson();
    await act(admin, person.id, 'unsubscribe', {});
    expect(await actions()).toContain('person.unsubscribed');
  });

  test('is not for those who do not see the person', async () => {
    const person = await rep.newPerson();
    const stranger = (await newTeam(world)).adminClient;
    for (const client of [mate, stranger]) {
      expect(await act(client, person.id, 'unsubscribe')).toMatchObject({ status: 404 });
      expect(await client.send('get', `/v1/people/${person.id}/unsubscribes`)).toMatchObject({ status: 404 });
    }
    expect(await act(stranger, person.id, 'resubscribe', { reason: 'x' })).toMatchObject({ status: 404 });
    expect(await rep.get(`/v1/people/${person.id}`)).toMatchObject({ unsubscribed_at: null });
  });

  test('twice at once happens once', async () => {
    const person = await rep.newPerson();
    const unsubscribes = world.app.app.get(Unsubscribes);
    const emailId = newId();
    const wish = { source: 'link' as const, reason: null, actor: null, emailId, at: world.clock.now() };
    const twice = <T>(work: () => Promise<T>) => Promise.all([work(), work()]).then((all) => all.sort());
    const off = () => inTransaction(world, (tx) => unsubscribes.unsubscribe(tx, team.teamId, person.id, wish));
    expect(await twice(off)).toEqual(['already', 'unsubscribed']);
    const on = () => inTransaction(world, (tx) => unsubscribes.resubscribe(tx, team.teamId, person.id, wish));
    expect(await twice(on)).toEqual(['already', 'resubscribed']);
    const history = await historyOf(rep, person.id);
    expect(history.map(({ what, source, who }) => [what, source, who.id])).toEqual([
      ['resubscribed', 'link', null],
      ['unsubscribed', 'link', null],
    ]);
  });

  test('holds for the address: who is deleted and made again is unsubscribed still', async () => {
    const email = 'grace@example.com';
    const first = await rep.newPerson({ email });
    await act(rep, first.id, 'unsubscribe');
    await rep.send('delete', `/v1/people/${first.id}`);
    const again = await rep.newPerson({ email });
    expect(again).toMatchObject({ unsubscribed_at: world.clock.now().toISOString() });
    const elsewhere = await (await newTeam(world)).adminClient.newPerson({ email });
    expect(elsewhere).toMatchObject({ unsubscribed_at: null });
    expect(await act(admin, again.id, 'resubscribe', { reason: 'asked' })).toMatchObject({
      body: { unsubscribed_at: null },
    });
  });
});

describe('an address whose person unsubscribed', () => {
  test('stays so for whoever has it next, though the person has another one now', async () => {
    const person = await rep.newPerson({ email: 'former@example.com' });
    await act(rep, person.id, 'unsubscribe', {});
    const { version } = await rep.get<{ version: number }>(`/v1/people/${person.id}`);
    const headers = { 'If-Match': `"v${version}"` };
    await rep.send('patch', `/v1/people/${person.id}`, { email: 'now@example.com' }, headers);
    const next = await rep.newPerson({ email: 'former@example.com' });
    expect(next).toMatchObject({ unsubscribed_at: world.clock.now().toISOString() });
    expect(await rep.get(`/v1/people/${person.id}`)).toMatchObject({
      unsubscribed_at: world.clock.now().toISOString(),
    });
    expect(await act(admin, next.id, 'resubscribe', { reason: 'asked' })).toMatchObject({
      body: { unsubscribed_at: null },
    });
    expect(await act(admin, next.id, 'resubscribe', { reason: 'asked' })).toMatchObject({ status: 409 });

    await rep.send('delete', `/v1/people/${person.id}`);
    expect(await rep.newPerson({ email: 'now@example.com' })).toMatchObject({
      unsubscribed_at: world.clock.now().toISOString(),
    });
  });
});

describe('blocked domains', () => {
  const listed = async (client: Client) =>
    (await client.get<BlockedDomainList>('/v1/blocked-domains')).data.map(({ domain }) => domain);

  test('are blocked and let go by admins, seen by the team, each act logged once', async () => {
    expect(await rep.send('put', '/v1/blocked-domains/rival.example.com')).toMatchObject({ status: 403 });
    const both = await Promise.all([1, 2].map(() => admin.send('put', '/v1/blocked-domains/Rival.Example.com')));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    await admin.send('put', '/v1/blocked-domains/own.example.com');
    expect(await listed(rep)).toEqual(['own.example.com', 'rival.example.com']);
    expect(await listed((await newTeam(world)).adminClient)).toEqual([]);
    expect(await rep.send('delete', '/v1/blocked-domains/rival.example.com')).toMatchObject({ status: 403 });
    expect(await admin.send('delete', '/v1/blocked-domains/rival.example.com')).toMatchObject({ status: 204 });
    expect(await admin.send('delete', '/v1/blocked-domains/rival.example.com')).toMatchObject({ status: 404 });
    expect(await listed(rep)).toEqual(['own.example.com']);
    const log = (await actions()).filter((action) => action.startsWith('domain.'));
    expect(log).toEqual(['domain.unblocked', 'domain.blocked', 'domain.blocked']);
  });

  test.each([
    'localhost',
    'a..example.com',
    '-a.example.com',
    'a@example.com',
    'example.com.',
    '%20',
    `${'a'.repeat(64)}.com`,
  ])('are domains: %s is none', async (text) => {
    expect(await admin.send('put', `/v1/blocked-domains/${text}`)).toMatchObject({ status: 400 });
  });
});
