import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { PeopleDirectory } from '../../../src/command-center/people/people-directory.js';
import { PeopleFacts } from '../../../src/command-center/people/people-facts.js';
import { type Client, createWorld, inTransaction, newTeam, type ProblemBody, type Team, type World } from '../world.js';

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

type Reply = PersonView & ProblemBody;
const path = (id: string, email: string) => `/v1/people/${id}/addresses/${encodeURIComponent(email)}`;
const add = (client: Client, id: string, email: string) => client.send<Reply>('put', path(id, email));
const remove = (client: Client, id: string, email: string) => client.send<Reply>('delete', path(id, email));
const makeMain = (client: Client, id: string, email: string) => client.send<Reply>('post', `${path(id, email)}/main`);
const found = async (q: string) => (await rep.all<PersonView>(`/v1/people?q=${q}`)).map(({ id }) => id);

describe('other addresses', () => {
  test('are added once whatever their case, shown in order, and taken away', async () => {
    const { id } = await rep.newPerson({ email: 'grace@example.com' });
    await add(rep, id, 'z@example.com');
    const both = await add(rep, id, ' Ann+Berg@Example.com');
    expect(both).toMatchObject({ status: 200, etag: '"v3"' });
    expect(both.body.other_addresses).toEqual(['ann+berg@example.com', 'z@example.com']);
    for (const email of ['Z@example.com', 'grace@example.com']) {
      expect((await add(rep, id, email)).body).toEqual(both.body);
    }
    expect(await remove(rep, id, 'z@example.com')).toMatchObject({ status: 204 });
    expect(await remove(rep, id, 'z@example.com')).toMatchObject({ status: 404 });
    expect(await remove(rep, id, 'grace@example.com')).toMatchObject({ status: 409 });
    expect(await rep.get(`/v1/people/${id}`)).toMatchObject({ other_addresses: ['ann+berg@example.com'], version: 4 });
  });

  test.each(['grace', 'a@b', '@example.com', `${'x'.repeat(64)}@${'y'.repeat(200)}.example.com`])(
    'are addresses: %s is none',
    async (email) => {
      const { id } = await rep.newPerson();
      expect(await add(rep, id, email)).toMatchObject({ status: 400, body: { errors: [{ field: 'email' }] } });
    },
  );

  test('are at most fifty', async () => {
    const { id } = await rep.newPerson();
    for (let n = 0; n < 50; n++) await add(rep, id, `a${n}@example.com`);
    expect(await add(rep, id, 'more@example.com')).toMatchObject({ status: 409 });
    expect(await add(rep, id, 'a0@example.com')).toMatchObject({ status: 200 });
  });

  test('belong to one person, be it as the main one or another; another team has its own', async () => {
    const grace = await rep.newPerson({ email: 'grace@example.com' });
    const ann = await rep.newPerson({ name: 'Ann', email: 'ann@example.com' });
    await add(rep, grace.id, 'private@example.com');
    for (const taken of ['private@example.com', 'GRACE@example.com']) {
      const refused = await add(rep, ann.id, taken);
      expect(refused).toMatchObject({ status: 409, body: { errors: [{ field: 'email' }] } });
    }
    const made = await rep.refusal('post', '/v1/people', { name: 'x', email: 'Private@example.com' });
    expect(made).toMatchObject({ status: 409, body: { errors: [{ field: 'email' }] } });
    const headers = { 'If-Match': '"v1"' };
    const changed = await rep.send('patch', `/v1/people/${ann.id}`, { email: 'private@example.com' }, headers);
    expect(changed.status).toBe(409);
    expect(await rep.get(`/v1/people/${ann.id}`)).toEqual(ann);
    await (await newTeam(world)).adminClient.newPerson({ email: 'private@example.com' });
  });

  test('of two who want one at the same time go to one of them', async () => {
    const people = await Promise.all([1, 2, 3].map(() => rep.newPerson()));
    const answers = await Promise.all([
      ...people.map(({ id }) => add(rep, id, 'one@example.com')),
      rep.send<Reply>('post', '/v1/people', { name: 'x', email: 'one@example.com' }),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
    expect(await found('one@example.com')).toHaveLength(1);
  });

  test('are free again when they are given up, replaced or their person is deleted', async () => {
    const { id, version } = await rep.newPerson({ email: 'grace@example.com' });
    await rep.send('patch', `/v1/people/${id}`, { email: 'now@example.com' }, { 'If-Match': `"v${version}"` });
    const next = await rep.newPerson({ email: 'grace@example.com' });
    await add(rep, next.id, 'other@example.com');
    await rep.send('delete', `/v1/people/${next.id}`);
    await rep.newPerson({ email: 'other@example.com' });
    expect(await add(rep, id, 'grace@example.com')).toMatchObject({ status: 200 });
  });

  test('are found by', async () => {
    const { id } = await rep.newPerson({ name: 'Grace' });
    await rep.newPerson({ name: 'Somebody else', email: 'else@example.com' });
    await add(rep, id, 'hopper@navy.example.com');
    expect(await found('OPPER@navy')).toEqual([id]);
    expect(await found('grace')).toEqual([id]);
    expect(await found('hopper_navy')).toEqual([]);
  });

  test('are for those who may change the person; what an admin does to others’ is in the audit log', async () => {
    const { id } = await rep.newPerson();
    expect(await add(mate, id, 'a@example.com')).toMatchObject({ status: 404 });
    await admin.newTask({ person_id: id, assignee_id: team.reps[1]?.userId });
    expect(await add(mate, id, 'a@example.com')).toMatchObject({ status: 403 });
    await add(admin, id, 'a@example.com');
    expect((await admin.get<{ data: object[] }>('/v1/audit?limit=1')).data).toMatchObject([
      { action: 'person.updated', target: { id }, details: { fields: ['other_addresses'] } },
    ]);
  });
});

describe('making another address the main one', () => {
  test('swaps them', async () => {
    const { id } = await rep.newPerson({ email: 'old@example.com' });
    await add(rep, id, 'new@example.com');
    const swapped = await makeMain(rep, id, 'New@example.com');
    expect(swapped).toMatchObject({
      status: 200,
      body: { email: 'new@example.com', other_addresses: ['old@example.com'], version: 3 },
    });
    expect((await makeMain(rep, id, 'new@example.com')).body).toEqual(swapped.body);
    expect(await makeMain(rep, id, 'nobody@example.com')).toMatchObject({ status: 404 });
    expect(await found('old@example.com')).toEqual([id]);
  });

  test('of somebody without one gives them one; set as `email`, it replaces the main one', async () => {
    const { id } = await rep.newPerson();
    await add(rep, id, 'a@example.com');
    await makeMain(rep, id, 'a@example.com');
    await add(rep, id, 'b@example.com');
    const headers = { 'If-Match': '*' };
    const set = await rep.send<Reply>('patch', `/v1/people/${id}`, { email: 'b@example.com' }, headers);
    expect(set.body).toMatchObject({ email: 'b@example.com', other_addresses: [] });
    expect(await rep.newPerson({ email: 'a@example.com' })).toMatchObject({ version: 1 });
  });
});

describe('whether somebody is written to', () => {
  const facts = async (id: string) =>
    (await inTransaction(world, (tx) => world.app.app.get(PeopleFacts).of(tx, team.teamId, [id]))).get(id);

  test('depends on all their addresses: one that was unsubscribed unsubscribes the person for good', async () => {
    const former = await rep.newPerson({ email: 'out@example.com' });
    await rep.send('post', `/v1/people/${former.id}/unsubscribe`, {});
    await rep.send('delete', `/v1/people/${former.id}`);
    const { id } = await rep.newPerson({ email: 'grace@example.com' });
    const added = await add(rep, id, 'out@example.com');
    expect(added.body).toMatchObject({ unsubscribed_at: world.clock.now().toISOString() });
    await remove(rep, id, 'out@example.com');
    expect(await rep.get(`/v1/people/${id}`)).toMatchObject({ unsubscribed_at: world.clock.now().toISOString() });
    const history = await rep.get<{ data: object[] }>(`/v1/people/${id}/unsubscribes`);
    expect(history.data).toMatchObject([{ what: 'unsubscribed', who: { name: 'Rep 1' } }]);
  });

  test('holds for each address that somebody unsubscribed has or gets, until an admin takes it back', async () => {
    const { id } = await rep.newPerson({ email: 'grace@example.com' });
    await add(rep, id, 'before@example.com');
    await rep.send('post', `/v1/people/${id}/unsubscribe`, {});
    await add(rep, id, 'after@example.com');
    for (const email of ['before@example.com', 'after@example.com']) {
      await remove(rep, id, email);
      const next = await rep.newPerson({ email });
      expect(next).toMatchObject({ unsubscribed_at: world.clock.now().toISOString() });
      await rep.send('delete', `/v1/people/${next.id}`);
      await add(rep, id, email);
    }
    await admin.send('post', `/v1/people/${id}/resubscribe`, { reason: 'asked' });
    expect(await facts(id)).toMatchObject({ unsubscribedAt: null });
    await rep.send('delete', `/v1/people/${id}`);
    expect(await rep.newPerson({ email: 'after@example.com' })).toMatchObject({ unsubscribed_at: null });
  });

  test('depends on blocked domains by every address', async () => {
    await admin.send('put', '/v1/blocked-domains/rival.example.com');
    const { id } = await rep.newPerson({ email: 'grace@example.com' });
    expect(await facts(id)).toMatchObject({ blockedDomain: null });
    await add(rep, id, 'grace@mail.rival.example.com');
    expect(await facts(id)).toMatchObject({ email: 'grace@example.com', blockedDomain: 'rival.example.com' });
  });
});

describe('somebody met by another address', () => {
  test('in Salesforce gets the record, and nobody is made', async () => {
    const { id } = await rep.newPerson({ email: 'grace@example.com' });
    await add(rep, id, 'private@example.com');
    const record = { kind: 'contact' as const, name: 'Grace', email: 'Private@example.com' };
    const [salesforceId, second] = ['0035g00000abcdeAAA', '0035g00000abcdfAAA'];
    const ensure = () =>
      inTransaction(world, (tx) =>
        world.app.app.get(PeopleDirectory).ensure(
          tx,
          team.teamId,
          [
            { ...record, salesforceId },
            { ...record, salesforceId: second, email: 'new@example.com' },
          ],
          world.clock.now(),
        ),
      );
    const people = await ensure();
    expect(people.get(salesforceId)).toBe(id);
    expect(await ensure()).toEqual(people);
    expect(await found('new@example.com')).toEqual([]);
    expect((await admin.all<PersonView>('/v1/people')).map((person) => person.id).sort()).toEqual(
      [id, people.get(second)].sort(),
    );
    const taken = await rep.refusal('post', '/v1/people', { name: 'x', email: 'new@example.com' });
    expect(taken).toMatchObject({ status: 409 });
  });
});
