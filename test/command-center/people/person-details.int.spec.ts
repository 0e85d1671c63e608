import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { PeopleFacts, type PersonFacts } from '../../../src/command-center/people/people-facts.js';
import {
  type Client,
  createWorld,
  inTransaction,
  newId,
  newTeam,
  type ProblemBody,
  type Team,
  type World,
} from '../world.js';

let world: World;
let team: Team;
let rep: Client;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  rep = team.repClients[0] as Client;
});

const factsOf = (ids: readonly string[], teamId = team.teamId): Promise<Map<string, PersonFacts>> =>
  inTransaction(world, (tx) => world.app.app.get(PeopleFacts).of(tx, teamId, ids));

async function edited(person: { id: string; version: number }, body: object) {
  const headers = { 'If-Match': `"v${person.version}"` };
  return rep.send<PersonView & ProblemBody>('patch', `/v1/people/${person.id}`, body, headers);
}

describe('what emails can say of a person', () => {
  const details = {
    first_name: 'Grace',
    last_name: 'van der Harper',
    title: 'CFO',
    company: 'Harper Shipping',
    phone: '+1 555 0100',
    source: 'Trade fair',
    time_zone: 'America/New_York',
    custom: { industry: 'Shipping', deal_size: '12' },
  };

  test('is kept, changed one by one, and cleared', async () => {
    const person = (await rep.send<PersonView>('post', '/v1/people', { name: 'G. Harper', ...details })).body;
    expect(person).toMatchObject(details);
    const changed = await edited(person, { title: null, custom: { deal_size: null, region: 'East' } });
    expect(changed.body).toMatchObject({ ...details, title: null, custom: { industry: 'Shipping', region: 'East' } });
    const same = await edited(changed.body, { company: 'Harper Shipping', custom: { region: 'East' } });
    expect(same.body.version).toBe(changed.body.version);
  });

  test.each([
    ['time_zone', 'Mars/Olympus'],
    ['first_name', ''],
    ['phone', 'x'.repeat(61)],
    ['source', 'x'.repeat(201)],
    ['custom', { Upper: 'x' }],
    ['custom', { first: 'x' }],
    ['custom', { size: 'x' }],
    ['custom', { number: 12 }],
    ['custom', { long: 'x'.repeat(1_001) }],
    ['custom', ['x']],
    ['custom', null],
    ['custom', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`f${n}`, 'x']))],
  ])('refuses %s %j', async (field, value) => {
    const answer = await rep.refusal('post', '/v1/people', { name: 'x', [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  test('has at most fifty fields of the team’s own, however many calls they come in', async () => {
    const many = (from: number) => Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`f${from + n}`, 'x']));
    const person = await rep.newPerson({ custom: many(0) });
    expect(await edited(person, { custom: many(26) })).toMatchObject({ status: 400 });
  });
});

describe('the facts of people', () => {
  test('give names as they are, or else taken from the whole name', async () => {
    const given = await rep.newPerson({ name: 'G. Harper', first_name: 'Grace' });
    const taken = await rep.newPerson({ name: 'Ann Marie  Berg' });
    const address = await rep.newPerson({ name: 'ann@example.com' });
    const facts = await factsOf([given.id, taken.id, address.id, taken.id]);
    expect(facts.get(given.id)).toMatchObject({ firstName: 'Grace', lastName: 'Harper' });
    expect(facts.get(taken.id)).toMatchObject({ firstName: 'Ann', lastName: 'Marie Berg', custom: {} });
    expect(facts.get(address.id)).toMatchObject({ firstName: '', lastName: '', unsubscribedAt: null });
  });

  test('say whose they are and since when they are unsubscribed', async () => {
    const person = await rep.newPerson({ shared: true });
    await rep.send('post', `/v1/people/${person.id}/unsubscribe`, {});
    expect((await factsOf([person.id])).get(person.id)).toMatchObject({
      ownerId: team.reps[0]?.userId,
      shared: true,
      unsubscribedAt: world.clock.now(),
    });
  });

  test('leave out whom the team does not have', async () => {
    const gone = await rep.newPerson();
    await rep.send('delete', `/v1/people/${gone.id}`);
    const theirs = await (await newTeam(world)).adminClient.newPerson();
    expect((await factsOf([gone.id, theirs.id, newId()])).size).toBe(0);
    expect((await factsOf([])).size).toBe(0);
  });

  test('name the blocked domain of an address, or the one above it', async () => {
    for (const domain of ['Rival.example.com', 'münchen.example']) {
      const path = `/v1/blocked-domains/${encodeURIComponent(domain)}`;
      expect(await team.adminClient.send('put', path)).toMatchObject({ status: 200 });
    }
    const emails = ['a@rival.example.com', 'a@mail.rival.example.com', 'a@arrival.example.com', 'a@example.com', null];
    const people = await Promise.all(emails.map((email) => rep.newPerson({ email })));
    const foreign = await rep.newPerson({ email: 'a@xn--mnchen-3ya.example' });
    const facts = await factsOf([...people, foreign].map(({ id }) => id));
    expect(people.map(({ id }) => facts.get(id)?.blockedDomain)).toEqual([
      ...['rival.example.com', 'rival.example.com'],
      ...[null, null, null],
    ]);
    expect(facts.get(foreign.id)?.blockedDomain).toBe('xn--mnchen-3ya.example');
    const elsewhere = await newTeam(world);
    const same = await elsewhere.adminClient.newPerson({ email: 'a@rival.example.com' });
    expect((await factsOf([same.id], elsewhere.teamId)).get(same.id)).toMatchObject({ blockedDomain: null });
  });
});
