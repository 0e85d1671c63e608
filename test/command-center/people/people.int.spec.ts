import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { type Client, createWorld, newTeam, type ProblemBody, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;
let mate: Client;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  team = await newTeam(world);
  [rep, mate] = team.repClients as [Client, Client];
});

async function namesOf(client: Client, query = '', limit = 200): Promise<string[]> {
  return (await client.all<PersonView>(`/v1/people?${query}`, limit)).map(({ name }) => name);
}

function tryEdit(client: Client, person: { id: string; version: number }, body: object) {
  const headers = { 'If-Match': `"v${person.version}"` };
  return client.send<PersonView & ProblemBody>('patch', `/v1/people/${person.id}`, body, headers);
}

describe('a person', () => {
  test('is made by hand, owned by who makes them, with their Salesforce records', async () => {
    const answer = await rep.send<PersonView>('post', '/v1/people', {
      name: '  Grace Harper ',
      email: ' Grace@Example.COM ',
      salesforce_ids: ['00Q5g00000abcde', '0035g00000abcde', '0035g00000abcdeAAA'],
    });
    expect(answer).toMatchObject({ status: 201, etag: '"v1"' });
    expect(answer.body).toEqual({
      id: expect.any(String),
      name: 'Grace Harper',
      first_name: null,
      last_name: null,
      email: 'grace@example.com',
      other_addresses: [],
      title: null,
      company: null,
      phone: null,
      source: null,
      time_zone: null,
      custom: {},
      authorization: null,
      unsubscribed_at: null,
      shared: false,
      owner: { id: team.reps[0]?.userId, name: 'Rep 1' },
      salesforce_records: [
        { id: '0035g00000abcdeAAA', kind: 'contact' },
        { id: expect.stringMatching(/^00Q5g00000abcde/), kind: 'lead' },
      ],
      groups: [],
      version: 1,
      created_at: world.clock.now().toISOString(),
      updated_at: world.clock.now().toISOString(),
    });
    expect(await rep.get(`/v1/people/${answer.body.id}`)).toEqual(answer.body);
  });

  test('has an email address that nobody else in the team has, whatever its case', async () => {
    await mate.newPerson({ email: 'grace@example.com' });
    const twin = await rep.refusal('post', '/v1/people', { name: 'x', email: 'GRACE@example.com' });
    expect(twin).toMatchObject({ status: 409, body: { errors: [{ field: 'email' }] } });
    const other = await rep.newPerson({ email: 'other@example.com' });
    expect(await tryEdit(rep, other, { email: 'Grace@example.com' })).toMatchObject({ status: 409 });
    for (const name of ['nobody', 'and nobody']) await rep.newPerson({ name, email: null });
    const elsewhere = await newTeam(world, { name: 'Elsewhere' });
    await elsewhere.adminClient.newPerson({ email: 'grace@example.com' });
  });

  test('keeps their Salesforce records to themselves', async () => {
    await mate.newPerson({ salesforce_ids: ['0035g00000abcde'] });
    const taken = await rep.refusal('post', '/v1/people', { name: 'x', salesforce_ids: ['0035g00000abcdeAAA'] });
    expect(taken).toMatchObject({ status: 409, body: { errors: [{ field: 'salesforce_ids' }] } });
    const wrong = await rep.refusal('post', '/v1/people', { name: 'x', salesforce_ids: ['0015g00000abcde'] });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'salesforce_ids[0]' }] } });
  });

  test('is changed with If-Match, and only when something changes', async () => {
    const person = await rep.newPerson({ email: 'grace@example.com', salesforce_ids: ['0035g00000abcde'] });
    expect(await rep.refusal('patch', `/v1/people/${person.id}`, { name: 'x' })).toMatchObject({ status: 428 });
    const changes = { name: 'Grace H.', email: null, shared: true, salesforce_ids: ['00Q5g00000abcde'] };
    const changed = await tryEdit(rep, person, changes);
    expect(changed).toMatchObject({ status: 200, etag: '"v2"', body: { name: 'Grace H.', email: null, shared: true } });
    expect(changed.body.salesforce_records).toMatchObject([{ kind: 'lead' }]);
    expect(await tryEdit(rep, changed.body, changes)).toMatchObject({ status: 200, etag: '"v2"' });
    expect(await tryEdit(rep, person, { name: 'late' })).toMatchObject({ status: 412 });
    const answers = await Promise.all(['left', 'right'].map((name) => tryEdit(rep, changed.body, { name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('is deleted by the owner or an admin; tasks stay, the address and records are free again', async () => {
    const email = 'grace@example.com';
    const person = await rep.newPerson({ email, shared: true, salesforce_ids: ['0035g00000abcde'] });
    const task = await rep.newTask({ person_id: person.id });
    expect(await mate.refusal('delete', `/v1/people/${person.id}`)).toMatchObject({ status: 403 });
    expect(await rep.send('delete', `/v1/people/${person.id}`)).toMatchObject({ status: 204 });
    expect(await rep.refusal('get', `/v1/people/${person.id}`)).toMatchObject({ status: 404 });
    expect(await namesOf(rep)).toEqual([]);
    expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ person: null });
    const again = await rep.newPerson({ email, salesforce_ids: ['0035g00000abcde'] });
    expect(await team.adminClient.send('delete', `/v1/people/${again.id}`)).toMatchObject({ status: 204 });
  });
});

describe('who sees and changes whom', () => {
  test('a member: their own, the shared, and those they have tasks with; an admin: all', async () => {
    await rep.newPerson({ name: 'mine' });
    await mate.newPerson({ name: 'private' });
    const shared = await mate.newPerson({ name: 'shared', shared: true });
    const met = await mate.newPerson({ name: 'met' });
    expect(await namesOf(rep)).toEqual(['mine', 'shared']);
    const task = await team.adminClient.newTask({ person_id: met.id, assignee_id: team.reps[0]?.userId });
    expect(await namesOf(rep)).toEqual(['met', 'mine', 'shared']);
    expect(await namesOf(rep, '', 1)).toEqual(['met', 'mine', 'shared']);
    expect(await namesOf(team.adminClient)).toEqual(['met', 'mine', 'private', 'shared']);
    expect(await rep.get(`/v1/people/${met.id}`)).toMatchObject({ name: 'met' });
    expect(await tryEdit(rep, met, { name: 'x' })).toMatchObject({ status: 403 });
    expect(await tryEdit(rep, shared, { name: 'ours' })).toMatchObject({ status: 200 });
    await rep.send('delete', `/v1/tasks/${task.id}`);
    expect(await rep.refusal('get', `/v1/people/${met.id}`)).toMatchObject({ status: 404 });
  });

  test('sharing is the owner’s to decide, owning an admin’s', async () => {
    const person = await mate.newPerson({ shared: true });
    expect(await tryEdit(rep, person, { shared: false })).toMatchObject({ status: 403 });
    const owner_id = team.reps[0]?.userId;
    expect(await tryEdit(mate, person, { owner_id })).toMatchObject({ status: 403 });
    expect(await rep.refusal('post', '/v1/people', { name: 'x', owner_id: null })).toMatchObject({ status: 403 });
    const own = { name: 'x', owner_id: team.reps[1]?.userId.toUpperCase() };
    expect(await mate.send('post', '/v1/people', own)).toMatchObject({ status: 201 });
    const moved = await tryEdit(team.adminClient, person, { owner_id });
    expect(moved).toMatchObject({ status: 200, body: { owner: { name: 'Rep 1' } } });
    expect(await tryEdit(rep, moved.body, { shared: false })).toMatchObject({ status: 200 });
    const wrong = await tryEdit(team.adminClient, { ...moved.body, version: 3 }, { owner_id: person.id });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'owner_id' }] } });
  });

  test('another team sees none of them', async () => {
    const person = await rep.newPerson({ shared: true });
    const { adminClient } = await newTeam(world, { name: 'Elsewhere' });
    expect(await namesOf(adminClient)).toEqual([]);
    expect(await adminClient.refusal('get', `/v1/people/${person.id}`)).toMatchObject({ status: 404 });
    expect(await tryEdit(adminClient, person, { name: 'x' })).toMatchObject({ status: 404 });
    expect(await adminClient.refusal('delete', `/v1/people/${person.id}`)).toMatchObject({ status: 404 });
  });
});

describe('lists', () => {
  test('are in the order of names, page by page, also when many share one', async () => {
    const names = ['Ann', 'ann', 'Bob', 'Émile', 'Zoë', 'Ann', 'Ann'];
    for (const [index, name] of names.entries()) await rep.newPerson({ name, shared: index % 2 === 0 });
    for (const limit of [1, 2, 7]) {
      const found = await namesOf(rep, '', limit);
      expect(found.map((name) => name.toLowerCase())).toEqual(['ann', 'ann', 'ann', 'ann', 'bob', 'zoë', 'émile']);
    }
  });

  test('are searched by a part of the name or address; in short, by how the name begins', async () => {
    await rep.newPerson({ name: 'Grace Harper', email: 'gh@example.com' });
    await rep.newPerson({ name: 'Ann Graceland', email: 'ann@other.example' });
    await rep.newPerson({ name: 'Bob 100%', email: 'bob@example.com' });
    for (const [q, names] of [
      ['GRACE', ['Ann Graceland', 'Grace Harper']],
      ['ce h', ['Grace Harper']],
      ['@example.com', ['Bob 100%', 'Grace Harper']],
      ['g', ['Grace Harper']],
      ['nn', []],
      ['100%25', ['Bob 100%']],
      ['1_0', []],
      ['', ['Ann Graceland', 'Bob 100%', 'Grace Harper']],
    ] as const) {
      expect([q, await namesOf(rep, `q=${q}`)]).toEqual([q, names]);
    }
  });
});
