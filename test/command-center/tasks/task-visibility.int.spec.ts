import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiKeysService } from '../../../src/accounts/api-keys.service.js';
import { TaskListeners } from '../../../src/command-center/tasks/task-listeners.js';
import { ProductError } from '../../../src/platform/errors/product-error.js';
import { Client, createWorld, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;
let mate: Client;
let mateId: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  team = await newTeam(world);
  [rep, mate] = team.repClients as [Client, Client];
  mateId = team.reps[1]?.userId ?? '';
});

const ROUTES = [
  ['get', ''],
  ['get', '/history'],
  ['patch', ''],
  ['delete', ''],
  ['post', '/complete'],
  ['post', '/skip'],
  ['post', '/reopen'],
  ['post', '/restore'],
  ['post', '/snooze'],
] as const;

async function statusesOf(client: Client, id: string): Promise<number[]> {
  const statuses = new Set<number>();
  for (const [method, path] of ROUTES) {
    const body = method === 'get' ? undefined : path === '/snooze' ? { until: null } : {};
    const answer = await client.send(method, `/v1/tasks/${id}${path}`, body, { 'If-Match': '*' });
    statuses.add(answer.status);
  }
  return [...statuses];
}

test('another team’s task is nowhere to be found', async () => {
  const stranger = await newTeam(world, { name: 'Elsewhere' });
  const { id } = await rep.newTask({ due_date: '2026-03-04' });
  for (const client of [stranger.adminClient, ...stranger.repClients]) {
    expect(await statusesOf(client, id)).toEqual([404]);
    expect(await client.all('/v1/tasks?view=all&assignee_id=any')).toEqual([]);
    expect(await client.get('/v1/tasks/counts?assignee_id=any')).toMatchObject({ all: 0, today: 0 });
    const bulk = await client.send('post', '/v1/tasks/bulk', { ids: [id], action: 'complete' });
    expect(bulk.body).toMatchObject({ results: [{ id, ok: false, error: { code: 'not_found' } }] });
  }
  const person = await stranger.adminClient.newPerson();
  const refused = await team.adminClient.refusal('post', '/v1/tasks', { name: 'x', person_id: person.id });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'person_id' }] } });
  const assignee_id = stranger.admin.userId;
  expect(await team.adminClient.refusal('post', '/v1/tasks', { name: 'x', assignee_id })).toMatchObject({
    status: 400,
  });
});

describe('a member', () => {
  test('does not find a teammate’s own task; an admin does all with it', async () => {
    const { id } = await mate.newTask({ person_id: (await mate.newPerson()).id });
    expect(await statusesOf(rep, id)).toEqual([404]);
    expect(await rep.all('/v1/tasks?view=all&assignee_id=any')).toEqual([]);
    expect(await rep.all(`/v1/tasks?view=all&assignee_id=${mateId}`)).toEqual([]);
    await team.adminClient.change(id, 'complete');
    expect(await team.adminClient.all(`/v1/tasks?view=all&assignee_id=${mateId}`)).toHaveLength(1);
  });

  test('works on a teammate’s task when its person is shared, and lists it with their own', async () => {
    const person = await mate.newPerson({ shared: true });
    const task = await mate.newTask({ person_id: person.id, due_date: '2026-03-04', name: 'theirs' });
    await rep.newTask({ due_date: '2026-03-04', name: 'mine' });
    expect(await rep.names('view=today')).toEqual(['mine']);
    expect((await rep.names('view=today&assignee_id=any')).sort()).toEqual(['mine', 'theirs']);
    expect(await rep.names(`view=today&assignee_id=${mateId}`)).toEqual(['theirs']);
    expect(await rep.get('/v1/tasks/counts?assignee_id=any')).toMatchObject({ today: 2, all: 2 });
    expect(await rep.edit(task, { name: 'ours' })).toMatchObject({ name: 'ours' });
  });

  test('sees, but does not touch, a teammate’s task with a person of theirs', async () => {
    const person = await rep.newPerson();
    const task = await team.adminClient.newTask({ person_id: person.id, assignee_id: mateId });
    expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ name: task.name });
    expect(await rep.all('/v1/tasks?view=all&assignee_id=any')).toHaveLength(1);
    expect(await rep.tryEdit(task, { name: 'x' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    await team.adminClient.send('delete', `/v1/people/${person.id}`);
    expect(await rep.refusal('get', `/v1/tasks/${task.id}`)).toMatchObject({ status: 404 });
    expect(await mate.get(`/v1/tasks/${task.id}`)).toMatchObject({ person: null });
  });

  test('gives a task to a teammate only for a shared person', async () => {
    const [own, shared] = [await rep.newPerson(), await rep.newPerson({ shared: true })];
    const body = { name: 'For you', assignee_id: mateId };
    for (const more of [{}, { person_id: own.id }]) {
      expect(await rep.refusal('post', '/v1/tasks', { ...body, ...more })).toMatchObject({ status: 403 });
    }
    expect(await rep.newTask({ ...body, person_id: shared.id })).toMatchObject({
      assignee: { id: mateId, name: 'Rep 2' },
    });
    const mine = await rep.newTask({ person_id: own.id });
    expect(await rep.tryEdit(mine, { assignee_id: mateId })).toMatchObject({ status: 403 });
    const moved = await rep.edit(mine, { assignee_id: mateId, person_id: shared.id });
    // Not by the back door either: a person of one's own would hide it from the teammate.
    expect(await rep.tryEdit(moved, { person_id: own.id })).toMatchObject({ status: 403 });
  });

  test('cannot use a person that nobody shared with them', async () => {
    const person = await mate.newPerson();
    const answer = await rep.refusal('post', '/v1/tasks', { name: 'x', person_id: person.id });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'person_id' }] } });
  });
});

test('a key of the team sees all, and has to say whose a new task is', async () => {
  const keys = world.app.app.get(ApiKeysService);
  const made = await keys.create(
    team.teamId,
    { name: 'Robot', userId: null, scopes: ['tasks:read', 'tasks:write'] },
    'operator',
  );
  const robot = new Client(world.app, made.text);
  await rep.newTask({ due_date: '2026-03-04' });
  expect(await robot.all('/v1/tasks')).toHaveLength(1);
  const refused = await robot.refusal('post', '/v1/tasks', { name: 'x' });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'assignee_id' }] } });
  const task = await robot.newTask({ assignee_id: mateId });
  expect(await mate.history(task.id)).toEqual([{ field: 'created', old: null, new: null, by: 'Robot' }]);
});

test('who follows the tasks may refuse a change, and then nothing of it is kept', async () => {
  const task = await rep.newTask();
  const refusing = {
    tasksChanged: (_: unknown, teamId: string) =>
      teamId === team.teamId ? Promise.reject(new ProductError('assignee_not_in_salesforce')) : Promise.resolve(),
  };
  world.app.app.get(TaskListeners).register(refusing);
  const answer = await team.adminClient.tryEdit(task, { assignee_id: mateId, name: 'x' });
  expect(answer).toMatchObject({ status: 422, body: { code: 'assignee_not_in_salesforce' } });
  expect(await rep.get(`/v1/tasks/${task.id}`)).toEqual(task);
  expect(await rep.history(task.id)).toHaveLength(1);
});
