import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SyncWorld, type Rep } from '../../support/sync-world.js';
import { until } from '../../support/until.js';
import { Listener } from './listener.js';

let world: SyncWorld;
let admin: Listener;
let anna: Listener;
let ben: Listener;

beforeAll(async () => {
  world = await SyncWorld.create({ reps: 2 });
  const [first, second] = world.reps as [Rep, Rep];
  admin = await Listener.open(world.test, world.team.admin.key);
  anna = await Listener.open(world.test, first.key);
  ben = await Listener.open(world.test, second.key);
});

afterAll(async () => {
  for (const listener of [admin, anna, ben]) listener.close();
  await world.close();
});

const kinds = ({ heard }: Listener) =>
  new Set(heard.filter(({ name }) => name === 'sync').map(({ data }) => data.kind));

it('tells a rep and the admins of that rep’s first-time sync, and all of the connection', async () => {
  const [first] = world.reps as [Rep];
  const there = await world.createThere({ Subject: 'From there' });
  await world.enrol({ reps: [first] });
  const { id } = await world.hereOf(there);
  await until(() => [anna, admin].every(({ tasks }) => tasks.includes(`created ${id}`)));
  await until(() => ['setting', 'run'].every((kind) => kinds(anna).has(kind) && kinds(admin).has(kind)));
  const runs = await world.call<{ data: { id: string; kind: string }[] }>('GET', '/v1/salesforce/task-sync/runs');
  const run = runs.data.find(({ kind }) => kind === 'first_sync');
  expect(anna.heard.find(({ data }) => data.kind === 'run')?.data.id).toBe(run?.id);

  await world.editThere(there, { Status: 'Completed' });
  await world.sync();
  await until(() => anna.tasks.includes(`updated ${id}`));

  await world.call('POST', '/v1/salesforce/connection/pause');
  await until(() => kinds(ben).has('status'));
  expect([...kinds(ben)]).toEqual(['status']);
  expect(ben.tasks).toEqual([]);
});
