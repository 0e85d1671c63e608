import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type TaskChanged, TaskListeners } from '../../../src/command-center/tasks/task-listeners.js';
import { type StoredTask, TaskStore } from '../../../src/command-center/tasks/task-store.js';
import type { TaskValues } from '../../../src/command-center/tasks/task-values.js';
import { type Client, createWorld, inTransaction, newId, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;
let store: TaskStore;
let told: TaskChanged[] = [];

beforeAll(async () => {
  world = await createWorld();
  store = world.app.app.get(TaskStore);
  world.app.app.get(TaskListeners).register({
    tasksChanged: (_tx, _team, changes) => {
      told.push(...changes);
      return Promise.resolve();
    },
  });
});
afterAll(() => world.end());

beforeEach(async () => {
  team = await newTeam(world);
  [rep] = team.repClients as [Client];
  told = [];
});

/** Changes tasks as the sync does. */
function change(ids: string[], after: (task: StoredTask, index: number) => Partial<TaskValues>): Promise<string[]> {
  return inTransaction(world, async (tx) => {
    const locked = await store.lock(tx, team.teamId, ids);
    const changes = ids.flatMap((id, index) => {
      const before = locked.get(id);
      return before ? [{ before, after: { ...before.values, ...after(before, index) }, actor: 'salesforce:005A' }] : [];
    });
    return store.update(tx, team.teamId, changes, { origin: 'salesforce', at: world.clock.now() });
  });
}

test('an update of different fields of different tasks keeps to each its own', async () => {
  const details = 'x'.repeat(32_000);
  const ids = [
    (await rep.newTask({ details, due_date: '2026-03-04' })).id,
    (await rep.newTask({ due_date: '2026-03-05' })).id,
    (await rep.newTask({ priority: 'high' })).id,
  ];
  const [first, second, third] = ids as [string, string, string];
  told = [];
  const changes: Partial<TaskValues>[] = [
    { name: 'Renamed there' },
    { dueDate: null, reminderAt: '2026-03-04T09:00:00.000Z' },
    { priority: 'high' },
  ];
  expect((await change([...ids, newId()], (_, index) => changes[index] ?? {})).sort()).toEqual([first, second].sort());
  expect(await rep.get(`/v1/tasks/${first}`)).toMatchObject({
    name: 'Renamed there',
    details,
    due_date: '2026-03-04',
    version: 2,
  });
  expect(await rep.get(`/v1/tasks/${second}`)).toMatchObject({
    name: 'Call Grace',
    due_date: null,
    reminder_at: '2026-03-04T09:00:00.000Z',
    version: 2,
  });
  expect(await rep.get(`/v1/tasks/${third}`)).toMatchObject({ version: 1 });
  expect(told.map(({ taskId, origin }) => [taskId, origin])).toEqual([
    [first, 'salesforce'],
    [second, 'salesforce'],
  ]);
  expect((await rep.history(second)).slice(1)).toEqual([
    { field: 'due_date', old: '2026-03-05', new: null, by: 'Salesforce' },
    { field: 'reminder_at', old: null, new: '2026-03-04T09:00:00.000Z', by: 'Salesforce' },
  ]);
});

test('a task that goes away and returns says so in its history, and lists follow', async () => {
  const { id } = await rep.newTask({ name: 'Moved', due_date: '2026-03-04' });
  await change([id], () => ({ awaySince: world.clock.now().toISOString() }));
  expect(await rep.names('')).toEqual([]);
  await change([id], () => ({ awaySince: null }));
  expect(await rep.names('')).toEqual(['Moved']);
  expect((await rep.history(id)).map(({ field }) => field)).toEqual(['created', 'left', 'returned']);
});

test('an import is silent: no lines, nobody told', async () => {
  const { id } = await rep.newTask();
  told = [];
  const imported = newId();
  await inTransaction(world, async (tx) => {
    const values = (await store.lock(tx, team.teamId, [id])).get(id)?.values as TaskValues;
    const author = { origin: 'salesforce', actor: null, at: world.clock.now() } as const;
    await store.insert(tx, team.teamId, [{ id: imported, values, createdBy: null }], author, 'silent');
  });
  expect(await rep.get(`/v1/tasks/${imported}`)).toMatchObject({ version: 1 });
  expect(await rep.history(imported)).toEqual([]);
  expect(told).toEqual([]);
});

test('tells when each field was last changed here, not what came from Salesforce', async () => {
  const task = await rep.newTask();
  world.clock.advance(60_000);
  const first = world.clock.now();
  await rep.edit(task, { name: 'one', priority: 'high' });
  world.clock.advance(60_000);
  const second = world.clock.now();
  await rep.edit({ id: task.id, version: 2 }, { name: 'two' });
  world.clock.advance(60_000);
  await change([task.id], () => ({ priority: 'low' }));
  const changed = (since: Date | null) =>
    inTransaction(world, (tx) => store.lastChangedHere(tx, team.teamId, [task.id], since));
  const fields = (await changed(null)).get(task.id);
  expect([fields?.get('name'), fields?.get('priority'), fields?.has('created')]).toEqual([second, first, true]);
  expect((await changed(second)).get(task.id)).toEqual(new Map([['name', second]]));
});
