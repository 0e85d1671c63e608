import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuthorizationChange } from '../../../src/command-center/people/authorization/person-authorization.dto.js';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { type Client, createWorld, newTeam, type ProblemBody, type Team, type World } from '../world.js';

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
const CONSENT = { type: 'consent', source: 'Fair', consented_on: '2026-02-28', purpose: 'News' };
const set = (client: Client, id: string, body: object) =>
  client.send<Reply>('put', `/v1/people/${id}/authorization`, body);
const clear = (client: Client, id: string) => client.send('delete', `/v1/people/${id}/authorization`);
const history = (client: Client, id: string, limit = 200) =>
  client.all<AuthorizationChange>(`/v1/people/${id}/authorizations`, limit);

describe('the ground on which somebody is written to', () => {
  test('is with the person, takes the place of the one before, and can be taken away; the history tells it all', async () => {
    const { id } = await rep.newPerson({ shared: true });
    const at = world.clock.now().toISOString();
    expect(await set(rep, id, CONSENT)).toMatchObject({ status: 200, etag: '"v2"', body: { authorization: CONSENT } });
    world.clock.advance(60_000);
    const later = world.clock.now().toISOString();
    const changed = await set(mate, id, { type: 'contract' });
    const contract = { type: 'contract', source: null, consented_on: null, purpose: null };
    expect(changed.body.authorization).toEqual({ ...contract, at: later });
    expect((await set(rep, id, { type: 'contract' })).body).toEqual(changed.body);
    expect((await rep.get<{ data: PersonView[] }>('/v1/people')).data[0]?.authorization).toEqual({
      ...contract,
      at: later,
    });
    expect(await clear(rep, id)).toMatchObject({ status: 204 });
    expect(await clear(rep, id)).toMatchObject({ status: 204 });
    expect(await rep.get(`/v1/people/${id}`)).toMatchObject({ authorization: null, version: 4 });
    const [none, second, first] = [
      { type: null, source: null, consented_on: null, purpose: null, at: later, who: { name: 'Rep 1' } },
      { ...contract, at: later, who: { name: 'Rep 2' } },
      { ...CONSENT, at, who: { id: `user:${team.reps[0]?.userId}`, name: 'Rep 1' } },
    ];
    for (const limit of [1, 200]) expect(await history(rep, id, limit)).toMatchObject([none, second, first]);
  });

  test.each([
    ['type', { type: 'because' }],
    ['type', {}],
    ['consented_on', { type: 'consent', consented_on: '2026-02-30' }],
    ['source', { type: 'consent', source: 'x'.repeat(501) }],
    ['purpose', { type: 'consent', purpose: '' }],
  ])('is refused where its %s is not valid', async (field, body) => {
    const { id } = await rep.newPerson();
    expect(await set(rep, id, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  test('is for those who may change the person to say; an admin’s act on others’ is in the audit log', async () => {
    const { id } = await rep.newPerson();
    expect(await set(mate, id, CONSENT)).toMatchObject({ status: 404 });
    await admin.newTask({ person_id: id, assignee_id: team.reps[1]?.userId });
    expect(await set(mate, id, CONSENT)).toMatchObject({ status: 403 });
    expect(await clear(mate, id)).toMatchObject({ status: 403 });
    await set(admin, id, CONSENT);
    expect(await history(mate, id)).toMatchObject([{ type: 'consent', who: { name: 'Ada Admin' } }]);
    expect((await admin.get<{ data: object[] }>('/v1/audit?limit=1')).data).toMatchObject([
      { action: 'person.updated', target: { id }, details: { fields: ['authorization'] } },
    ]);
    const stranger = (await newTeam(world)).adminClient;
    expect(await stranger.send('get', `/v1/people/${id}/authorizations`)).toMatchObject({ status: 404 });
  });
});
