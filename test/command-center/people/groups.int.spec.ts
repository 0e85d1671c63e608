import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GroupAddition, GroupView } from '../../../src/command-center/people/groups.dto.js';
import { GroupsService } from '../../../src/command-center/people/groups.service.js';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
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

async function newGroup(client: Client, fields: object = {}): Promise<GroupView> {
  const answer = await client.send<GroupView>('post', '/v1/groups', { name: 'Fair', ...fields });
  expect(answer).toMatchObject({ status: 201, etag: '"v1"' });
  return answer.body;
}

const put = (client: Client, group: { id: string }, people: readonly { id: string }[], how = 'members') =>
  client.send<GroupAddition>('post', `/v1/groups/${group.id}/${how}`, { person_ids: people.map(({ id }) => id) });
const edit = (client: Client, group: GroupView, body: object) =>
  client.send<GroupView & ProblemBody>('patch', `/v1/groups/${group.id}`, body, { 'If-Match': `"v${group.version}"` });
const namesIn = async (client: Client, group: { id: string }, limit = 200) =>
  (await client.all<PersonView>(`/v1/people?group_id=${group.id}`, limit)).map(({ name }) => name);
const groupsSeen = async (client: Client, limit = 200) =>
  (await client.all<GroupView>('/v1/groups', limit)).map(({ name }) => name);

describe('a group', () => {
  test('is its owner’s: others see it when it is shared, and only the owner and admins change it', async () => {
    const group = await newGroup(rep);
    expect(await mate.refusal('get', `/v1/groups/${group.id}`)).toMatchObject({ status: 404 });
    expect(await edit(mate, group, { name: 'x' })).toMatchObject({ status: 404 });
    const shared = (await edit(rep, group, { shared: true })).body;
    expect(shared).toMatchObject({ shared: true, version: 2, owner: { name: 'Rep 1' } });
    expect(await mate.get(`/v1/groups/${group.id}`)).toEqual(shared);
    expect(await edit(mate, shared, { name: 'x' })).toMatchObject({ status: 403 });
    expect(await put(mate, group, [await mate.newPerson()])).toMatchObject({ status: 403 });
    expect(await mate.refusal('delete', `/v1/groups/${group.id}`)).toMatchObject({ status: 403 });
    expect(await edit(rep, group, { name: 'late' })).toMatchObject({ status: 412 });
    expect(await edit(rep, shared, { owner_id: team.reps[1]?.userId })).toMatchObject({ status: 403 });
    expect(await edit(admin, shared, { owner_id: newId() })).toMatchObject({ status: 400 });
    const given = await edit(admin, shared, { owner_id: team.reps[1]?.userId, shared: false });
    expect(given.body).toMatchObject({ owner: { name: 'Rep 2' }, shared: false });
    expect(await rep.refusal('get', `/v1/groups/${group.id}`)).toMatchObject({ status: 404 });
    expect(await mate.send('delete', `/v1/groups/${group.id}`)).toMatchObject({ status: 204 });
    const log = (await admin.all<{ action: string }>('/v1/audit')).map(({ action }) => action);
    expect(log.filter((action) => action.startsWith('group.'))).toEqual(['group.updated']);
  });

  test('has a name that its owner gave no other, also when two are made at once', async () => {
    const twice = await Promise.all(['Fair', 'FAIR'].map((name) => rep.send('post', '/v1/groups', { name })));
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    await newGroup(mate);
    const other = await newGroup(rep, { name: 'Other' });
    expect(await edit(rep, other, { name: 'fair' })).toMatchObject({
      status: 409,
      body: { errors: [{ field: 'name' }] },
    });
  });

  test('is listed by name, page by page', async () => {
    for (const name of ['b', 'C', 'a']) await newGroup(rep, { name });
    await newGroup(mate, { name: 'theirs' });
    await newGroup(mate, { name: 'shown', shared: true });
    expect(await groupsSeen(rep, 2)).toEqual(['a', 'b', 'C', 'shown']);
    expect(await groupsSeen(admin, 1)).toEqual(['a', 'b', 'C', 'shown', 'theirs']);
    expect(await groupsSeen((await newTeam(world)).adminClient)).toEqual([]);
  });
});

describe('the people of a group', () => {
  test('are whom the caller sees, each once, and leave it again', async () => {
    const group = await newGroup(rep);
    const own = await rep.newPerson({ name: 'Own' });
    const shared = await mate.newPerson({ name: 'Shared', shared: true });
    const involved = await admin.newPerson({ name: 'Involved' });
    await admin.newTask({ person_id: involved.id, assignee_id: team.reps[0]?.userId });
    const hidden = await mate.newPerson({ name: 'Hidden' });
    const foreign = await (await newTeam(world)).adminClient.newPerson();
    const answer = await put(rep, group, [own, own, shared, involved, hidden, foreign]);
    expect(answer.body).toMatchObject({ added: 3, already: 0 });
    expect([...answer.body.not_found].sort()).toEqual([hidden.id, foreign.id].sort());
    expect((await put(rep, group, [own, shared])).body).toEqual({ added: 0, already: 2, not_found: [] });
    expect(await namesIn(rep, group, 1)).toEqual(['Involved', 'Own', 'Shared']);
    expect(await rep.get(`/v1/groups/${group.id}`)).toMatchObject({ size: 3 });
    expect((await put(rep, group, [own, hidden], 'members/remove')).body).toEqual({ removed: 1, absent: 1 });
    await mate.send('delete', `/v1/people/${shared.id}`);
    expect(await rep.get(`/v1/groups/${group.id}`)).toMatchObject({ size: 1 });
    expect(await namesIn(rep, group)).toEqual(['Involved']);
    await rep.send('delete', `/v1/groups/${group.id}`);
    expect(await rep.get(`/v1/people/${own.id}`)).toMatchObject({ name: 'Own', groups: [] });
  });

  test('are at most a thousand in one call', async () => {
    const group = await newGroup(rep);
    const many = Array.from({ length: 1_001 }, () => ({ id: newId() }));
    expect(await put(rep, group, many)).toMatchObject({ status: 400 });
    expect(await put(rep, group, [])).toMatchObject({ status: 400 });
    expect((await put(rep, group, many.slice(1))).body.not_found).toHaveLength(1_000);
  });

  test('stay hidden from those who do not see them, also in a shared group', async () => {
    const group = await newGroup(rep, { shared: true });
    const people = [await rep.newPerson({ name: 'Mine' }), await rep.newPerson({ name: 'Ours', shared: true })];
    await put(rep, group, people);
    expect(await namesIn(mate, group)).toEqual(['Ours']);
    const groups = world.app.app.get(GroupsService);
    const idsFor = (userId: string | undefined, limit: number, id = group.id) =>
      inTransaction(world, (tx) =>
        groups.memberIds(tx, { teamId: team.teamId, userId: userId ?? null, role: 'member' }, id, limit),
      );
    expect(await idsFor(team.reps[1]?.userId, 1_001)).toEqual([people[1]?.id]);
    expect(await idsFor(team.reps[0]?.userId, 1_001)).toEqual(people.map(({ id }) => id));
    expect(await idsFor(team.reps[0]?.userId, 1)).toEqual([people[0]?.id]);
    const hidden = await newGroup(mate);
    await expect(idsFor(team.reps[0]?.userId, 1, hidden.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await rep.refusal('get', `/v1/people?group_id=${hidden.id}`)).toMatchObject({ status: 400 });
  });

  test('show the groups that the caller sees', async () => {
    const person = await rep.newPerson({ shared: true });
    const [own, shown] = [await newGroup(rep), await newGroup(mate, { name: 'Shown', shared: true })];
    await put(rep, own, [person]);
    await put(mate, shown, [person]);
    const groupsFor = async (client: Client) =>
      (await client.get<PersonView>(`/v1/people/${person.id}`)).groups.map(({ name }) => name);
    expect(await groupsFor(rep)).toEqual(['Fair', 'Shown']);
    expect(await groupsFor(mate)).toEqual(['Shown']);
    expect(await groupsFor(admin)).toEqual(['Fair', 'Shown']);
  });

  test('added twice at once, or added while the group is deleted, are added once or not at all', async () => {
    const group = await newGroup(rep);
    const people = await Promise.all([1, 2, 3].map(() => rep.newPerson()));
    const answers = await Promise.all([put(rep, group, people), put(rep, group, [...people].reverse())]);
    expect(answers.map(({ body }) => body.added).sort()).toEqual([0, 3]);
    const both = await Promise.all([rep.send('delete', `/v1/groups/${group.id}`), put(rep, group, people)]);
    expect(both[0].status).toBe(204);
    expect([200, 404]).toContain(both[1].status);
  });
});
