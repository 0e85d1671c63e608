import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type TaskListener, TaskListeners } from '../../../src/command-center/tasks/task-listeners.js';
import type { BulkTaskResults } from '../../../src/command-center/tasks/tasks-bulk.dto.js';
import type { TaskView } from '../../../src/command-center/tasks/tasks.dto.js';
import { ProductError } from '../../../src/platform/errors/product-error.js';
import { type Client, createWorld, newId, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;
let mateId: string;
let listening: TaskListener['tasksChanged'] = () => Promise.resolve();

beforeAll(async () => {
  world = await createWorld();
  world.app.app.get(TaskListeners).register({ tasksChanged: (...told) => listening(...told) });
});
afterAll(() => world.end());

beforeEach(async () => {
  listening = () => Promise.resolve();
  team = await newTeam(world);
  [rep] = team.repClients as [Client];
  mateId = team.reps[1]?.userId ?? '';
});

async function bulk(
  ids: string[],
  action: string,
  more: object = {},
  client = rep,
): Promise<BulkTaskResults['results']> {
  const answer = await client.send<BulkTaskResults>('post', '/v1/tasks/bulk', { ids, action, ...more });
  expect(answer.status).toBe(200);
  expect(answer.body.results.map(({ id }) => id)).toEqual(ids);
  return answer.body.results;
}

async function newTasks(count: number, fields: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await rep.newTask({ name: `Task ${n}`, ...fields })).id);
  return ids;
}

test('200 at once: each has its answer in its place, and no bad one stops the others', async () => {
  const own = await newTasks(150);
  const [, mate] = team.repClients as [Client, Client];
  const foreign = (await mate.newTask()).id;
  const elsewhere = await newTeam(world, { name: 'Elsewhere' });
  const otherTeam = (await elsewhere.adminClient.newTask()).id;
  const [skipped, deleted, away, done] = own as [string, string, string, string];
  await rep.change(skipped, 'skip');
  await rep.send('delete', `/v1/tasks/${deleted}`);
  await world.database.dataSource.query('UPDATE tasks SET away_since = now() WHERE id = $1', [away]);
  await rep.change(done, 'complete');
  const unknown = Array.from({ length: 47 }, newId);
  const ids = [...own, foreign, otherTeam, ...unknown, own[10] ?? ''].reverse();
  expect(ids).toHaveLength(200);

  const results = await bulk(ids, 'complete');
  for (const { id, ok, task_version: version, error } of results) {
    if (id === deleted) expect(error?.code).toBe('conflict');
    else if (id === away) expect(error?.code).toBe('task_away');
    else if (!own.includes(id)) expect(error?.code).toBe('not_found');
    else expect({ ok, version, error }).toEqual({ ok: true, version: id === skipped ? 3 : 2, error: undefined });
  }
  const closed = await rep.all<TaskView>('/v1/tasks?view=completed');
  expect(closed).toHaveLength(148);
  expect((await rep.history(skipped)).map(({ field }) => field)).toEqual(['created', 'status', 'status']);
  expect(await rep.history(done)).toHaveLength(2);
  // Again: nothing is left to do, and nothing is done.
  expect(await bulk(ids, 'complete')).toEqual(results);
});

test('the actions do what they say', async () => {
  const ids = await newTasks(3, { due_date: '2026-03-04' });
  const state = async () => {
    const tasks = await Promise.all(ids.map((id) => team.adminClient.get<TaskView>(`/v1/tasks/${id}`)));
    return tasks.map(({ status, due_date, priority, assignee }) => ({
      status,
      due_date,
      priority,
      who: assignee.name,
    }));
  };
  const all = (expected: object) => ids.map(() => expect.objectContaining(expected));
  await bulk(ids, 'reschedule', { due_date: '2026-04-01' });
  await bulk(ids, 'set_priority', { priority: 'high' });
  await bulk(ids, 'skip');
  expect(await state()).toEqual(all({ due_date: '2026-04-01', priority: 'high', status: 'skipped' }));
  await bulk(ids, 'reopen');
  await bulk(ids, 'reschedule', { due_date: null });
  await bulk(ids, 'delete');
  expect(await rep.all('/v1/tasks?view=all')).toEqual([]);
  await bulk(ids, 'restore');
  await bulk(ids, 'reassign', { assignee_id: mateId }, team.adminClient);
  expect(await state()).toEqual(all({ due_date: null, status: 'open', who: 'Rep 2' }));
});

test('a member reassigns only what belongs to a shared person', async () => {
  const [shared, own] = [await rep.newPerson({ shared: true }), await rep.newPerson()];
  const open = await rep.newTask({ person_id: shared.id });
  const closed = await rep.newTask({ person_id: own.id });
  const results = await bulk([open.id, closed.id], 'reassign', { assignee_id: mateId });
  expect(results).toMatchObject([
    { ok: true, task_version: 2 },
    { ok: false, error: { code: 'forbidden' } },
  ]);
});

test('one that a listener refuses is refused alone', async () => {
  const ids = await newTasks(12);
  const bad = [ids[3], ids[7]];
  listening = (_tx, _team, changes) =>
    changes.some(({ taskId }) => bad.includes(taskId))
      ? Promise.reject(new ProductError('assignee_not_in_salesforce'))
      : Promise.resolve();
  const results = await bulk(ids, 'reassign', { assignee_id: mateId }, team.adminClient);
  for (const result of results) {
    expect(result).toMatchObject(
      bad.includes(result.id)
        ? { ok: false, error: { code: 'assignee_not_in_salesforce' } }
        : { ok: true, task_version: 2 },
    );
  }
  const moved = await team.adminClient.all<TaskView>(`/v1/tasks?view=all&assignee_id=${mateId}`);
  expect(moved).toHaveLength(10);
  for (const { id } of moved) expect((await rep.refusal('get', `/v1/tasks/${id}`)).status).toBe(404);
});

test('two hundred take a few statements, told to the listeners once', async () => {
  const ids = await newTasks(60);
  const told: number[] = [];
  listening = (_tx, _team, changes) => {
    told.push(changes.length);
    return Promise.resolve();
  };
  await bulk(ids, 'complete');
  expect(told).toEqual([60]);
});

test('two at once on the same tasks, named in opposite order, both come to an end', async () => {
  const ids = await newTasks(40);
  const results = await Promise.all([
    bulk(ids, 'set_priority', { priority: 'high' }),
    bulk([...ids].reverse(), 'reschedule', { due_date: '2026-04-01' }),
  ]);
  expect(results.flat().every(({ ok }) => ok)).toBe(true);
  const tasks = await rep.all<TaskView>('/v1/tasks?view=all');
  for (const task of tasks) expect(task).toMatchObject({ priority: 'high', due_date: '2026-04-01', version: 3 });
});

test.each([
  [{ ids: [], action: 'complete' }, 'ids'],
  [{ ids: Array.from({ length: 201 }, newId), action: 'complete' }, 'ids'],
  [{ ids: ['x'], action: 'complete' }, 'ids'],
  [{ ids: [newId()], action: 'archive' }, 'action'],
  [{ ids: [newId()], action: 'reschedule' }, 'due_date'],
  [{ ids: [newId()], action: 'reschedule', due_date: '2026-02-30' }, 'due_date'],
  [{ ids: [newId()], action: 'reassign' }, 'assignee_id'],
  [{ ids: [newId()], action: 'reassign', assignee_id: newId() }, 'assignee_id'],
  [{ ids: [newId()], action: 'set_priority' }, 'priority'],
])('refuses as a whole what makes no sense for any: %j', async (body, field) => {
  const answer = await rep.refusal('post', '/v1/tasks/bulk', body);
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});
