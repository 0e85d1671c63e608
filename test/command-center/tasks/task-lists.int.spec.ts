import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TaskCounts } from '../../../src/command-center/tasks/task-list.dto.js';
import type { TaskPage, TaskView } from '../../../src/command-center/tasks/tasks.dto.js';
import { encodeCursor } from '../../../src/platform/http/page.js';
import { makeUser } from '../../support/app.js';
import { Client, createWorld, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  world.clock.set('2026-03-04T10:00:00Z');
  team = await newTeam(world);
  [rep] = team.repClients as [Client];
});

const DAYS = ['2026-03-01', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-10', '2026-03-11', null];

/** A task for each day, named by it. */
async function taskForEachDay(client: Client): Promise<void> {
  for (const day of DAYS) await client.newTask({ name: day ?? 'no date', due_date: day });
}

/** Counts and pages are two readings of the same; here they are compared. */
async function viewsOf(client: Client, query = ''): Promise<Record<keyof TaskCounts, string[]>> {
  const counts = await client.get<TaskCounts>(`/v1/tasks/counts?${query}`);
  const pages: Partial<Record<keyof TaskCounts, string[]>> = {};
  for (const view of Object.keys(counts) as (keyof TaskCounts)[]) {
    const tasks = await client.all<TaskView>(`/v1/tasks?view=${view}&${query}`, 3);
    expect([view, tasks.length]).toEqual([view, counts[view]]);
    pages[view] = tasks.map(({ name }) => name);
  }
  return pages as Record<keyof TaskCounts, string[]>;
}

describe('views', () => {
  test('show what is due when, in its order; each count is the length of its view', async () => {
    await taskForEachDay(rep);
    const { all, ...views } = await viewsOf(rep);
    expect(views).toEqual({
      overdue: ['2026-03-01', '2026-03-03'],
      today: ['2026-03-04', '2026-03-05'],
      next_7_days: ['2026-03-04', '2026-03-05', '2026-03-06', '2026-03-10'],
      upcoming: ['2026-03-06', '2026-03-10', '2026-03-11'],
      no_date: ['no date'],
      completed: [],
    });
    expect(all).toEqual(DAYS.map((day) => day ?? 'no date').reverse());
    expect(await rep.names('')).toEqual(views.today);
    expect(await rep.names('view=range&from=2026-03-05&to=2026-03-10')).toEqual([
      '2026-03-05',
      '2026-03-06',
      '2026-03-10',
    ]);
    expect(await rep.names('view=range&to=2026-03-01')).toEqual(['2026-03-01']);
    expect(await rep.names('view=range&from=2026-03-11')).toEqual(['2026-03-11']);
  });

  test('closed tasks leave the views of what is to do; the latest closed comes first', async () => {
    for (const [name, verb] of [
      ['first', 'complete'],
      ['second', 'skip'],
      ['third', 'complete'],
    ] as const) {
      const task = await rep.newTask({ name, due_date: '2026-03-04' });
      world.clock.advance(1_000);
      await rep.change(task.id, verb);
    }
    await rep.newTask({ name: 'open', due_date: '2026-03-04' });
    expect(await viewsOf(rep)).toMatchObject({
      today: ['open'],
      completed: ['third', 'second', 'first'],
      all: ['open', 'third', 'second', 'first'],
    });
    expect(await rep.names('view=completed&status=completed')).toEqual(['third', 'first']);
    expect(await rep.names('view=all&status=skipped')).toEqual(['second']);
  });

  test('a snoozed task comes back by itself', async () => {
    const { id } = await rep.newTask({ name: 'later', due_date: '2026-03-04' });
    await rep.newTask({ name: 'now', due_date: '2026-03-04' });
    await rep.change(id, 'snooze', { until: '2026-03-04T12:00:00Z' });
    expect(await viewsOf(rep)).toMatchObject({ today: ['now'], next_7_days: ['now'], all: ['now', 'later'] });
    expect(await rep.names('view=range&from=2026-03-01')).toEqual(['now']);
    world.clock.set('2026-03-04T12:00:00Z');
    expect(await viewsOf(rep)).toMatchObject({ today: ['later', 'now'] });
  });

  test('a deleted task is in none, and back after it is restored', async () => {
    const { id } = await rep.newTask({ name: 'gone', due_date: '2026-03-04' });
    await rep.send('delete', `/v1/tasks/${id}`);
    expect(await viewsOf(rep)).toMatchObject({ today: [], all: [] });
    await rep.change(id, 'restore');
    expect(await viewsOf(rep)).toMatchObject({ today: ['gone'], all: ['gone'] });
  });

  test.each([
    ['view=yesterday', 'view'],
    ['view=range', 'from'],
    ['view=range&from=2026-03-05&to=2026-03-04', 'to'],
    ['view=range&from=2026-02-30', 'from'],
    ['view=today&from=2026-03-05', 'view'],
    ['view=today&status=completed', 'status'],
    ['view=completed&status=open', 'status'],
    ['time_zone=Mars/Olympus', 'time_zone'],
    ['assignee_id=nobody', 'assignee_id'],
    ['updated_since=yesterday', 'updated_since'],
    ['limit=201', 'limit'],
    ['colour=red', 'colour'],
  ])('refuses %s', async (query, field) => {
    const answer = await rep.refusal('get', `/v1/tasks?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('today is the rep’s own', () => {
  async function todayIn(timeZone: string, at: string): Promise<string[]> {
    world.clock.set(at);
    const client = new Client(world.app, (await makeUser(world.app, team.teamId, { timeZone })).key);
    await taskForEachDay(client);
    return (await viewsOf(client)).today;
  }

  test.each([
    // At 10:30 UTC it is three different days on Earth.
    ['Pacific/Kiritimati', '2026-03-04T10:30:00Z', ['2026-03-05', '2026-03-06']],
    ['UTC', '2026-03-04T10:30:00Z', ['2026-03-04', '2026-03-05']],
    ['Pacific/Pago_Pago', '2026-03-04T10:30:00Z', ['2026-03-03', '2026-03-04']],
    ['Pacific/Kiritimati', '2026-03-03T09:59:59Z', ['2026-03-03', '2026-03-04']],
    ['Pacific/Kiritimati', '2026-03-03T10:00:00Z', ['2026-03-04', '2026-03-05']],
    ['Pacific/Pago_Pago', '2026-03-05T10:59:59Z', ['2026-03-04', '2026-03-05']],
    ['Pacific/Pago_Pago', '2026-03-05T11:00:00Z', ['2026-03-05', '2026-03-06']],
  ])('in %s at %s', async (timeZone, at, days) => {
    expect(await todayIn(timeZone, at)).toEqual(days);
  });

  test.each([
    ['2026-03-28T22:59:59Z', '2026-03-28'],
    ['2026-03-28T23:00:00Z', '2026-03-29'],
    ['2026-03-29T21:59:59Z', '2026-03-29'],
    ['2026-03-29T22:00:00Z', '2026-03-30'],
    ['2026-10-25T22:59:59Z', '2026-10-25'],
    ['2026-10-25T23:00:00Z', '2026-10-26'],
  ])('on days of 23 and 25 hours in Berlin: at %s it is %s', async (at, day) => {
    const { key } = await makeUser(world.app, team.teamId, { timeZone: 'Europe/Berlin' });
    const client = new Client(world.app, key);
    for (const due_date of ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26']) {
      await client.newTask({ name: due_date, due_date });
    }
    world.clock.set(at);
    expect((await viewsOf(client)).today[0]).toBe(day);
  });

  test('or of the zone that the query names', async () => {
    world.clock.set('2026-03-04T10:30:00Z');
    await taskForEachDay(rep);
    const { today } = await viewsOf(rep, 'time_zone=Pacific/Kiritimati');
    expect(today).toEqual(['2026-03-05', '2026-03-06']);
  });
});

describe('pages', () => {
  test('leave nothing out and repeat nothing, however many tasks share a day or a moment', async () => {
    const names = Array.from({ length: 13 }, (_, index) => `Task ${index}`);
    for (const name of names) await rep.newTask({ name, due_date: '2026-03-04' });
    for (const name of names) await rep.newTask({ name: `${name} undated` });
    for (const limit of [1, 4, 13]) {
      const today = await rep.all<TaskView>('/v1/tasks', limit);
      expect(today.map(({ name }) => name)).toEqual(names);
      expect(await rep.all('/v1/tasks?view=no_date', limit)).toHaveLength(13);
    }
    const { body } = await rep.send<{ results: object[] }>('post', '/v1/tasks/bulk', {
      ids: (await rep.all<TaskView>('/v1/tasks')).map(({ id }) => id),
      action: 'complete',
    });
    expect(body.results).toHaveLength(13);
    const closed = await rep.all<TaskView>('/v1/tasks?view=completed', 4);
    expect(new Set(closed.map(({ name }) => name))).toEqual(new Set(names));
    expect(closed).toHaveLength(13);
  });

  test('go on where they were, whatever was closed in between', async () => {
    for (let n = 0; n < 6; n++) await rep.newTask({ name: `Task ${n}`, due_date: '2026-03-04' });
    const first = await rep.get<TaskPage>('/v1/tasks?limit=2');
    await rep.change(first.data[1]?.id ?? '', 'complete');
    const second = await rep.get<TaskPage>(`/v1/tasks?limit=2&after=${String(first.next)}`);
    expect(second.data.map(({ name }) => name)).toEqual(['Task 2', 'Task 3']);
  });

  test('a cursor of another view is refused', async () => {
    for (const name of ['a', 'b']) await rep.newTask({ name, due_date: '2026-03-04' });
    const { next } = await rep.get<TaskPage>('/v1/tasks?limit=1');
    for (const query of [
      `view=all&after=${next}`,
      `view=completed&after=${next}`,
      `view=overdue&after=${next}`,
      'after=abc',
      `view=all&after=${encodeCursor(['all', null])}`,
      `after=${encodeCursor(['today', null, null])}`,
    ]) {
      expect(await rep.refusal('get', `/v1/tasks?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'after' }] },
      });
    }
  });

  test('the two parts of what a member may see come in one order', async () => {
    const [, mate] = team.repClients as [Client, Client];
    const person = await mate.newPerson({ shared: true });
    for (let n = 0; n < 9; n++) {
      const mine = n % 2 === 0;
      await (mine ? rep : mate).newTask({
        name: `${n}`,
        due_date: '2026-03-04',
        ...(!mine && { person_id: person.id }),
      });
    }
    const tasks = await rep.all<TaskView>('/v1/tasks?assignee_id=any', 2);
    expect(tasks.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    await viewsOf(rep, 'assignee_id=any');
  });
});

test('filters hold for pages and counts', async () => {
  const person = await rep.newPerson();
  const due_date = '2026-03-04';
  await rep.newTask({ name: 'Renew 100%_off', due_date, type: 'call', priority: 'high', person_id: person.id });
  await rep.newTask({ name: 'Renew 1000 off', due_date, type: 'email' });
  world.clock.advance(60_000);
  await rep.newTask({ name: 'RENEW later', due_date, type: 'call' });
  const since = encodeURIComponent('2026-03-04T11:01:00+01:00');
  for (const [query, names] of [
    ['type=call', ['Renew 100%_off', 'RENEW later']],
    ['priority=high', ['Renew 100%_off']],
    [`person_id=${person.id}`, ['Renew 100%_off']],
    ['q=renew', ['Renew 100%_off', 'Renew 1000 off', 'RENEW later']],
    ['q=100%25_', ['Renew 100%_off']],
    [`updated_since=${since}`, ['RENEW later']],
    ['q=renew&type=call&priority=normal', ['RENEW later']],
    ['assignee_id=me&type=inmail', []],
  ] as const) {
    expect([query, (await viewsOf(rep, query)).today]).toEqual([query, names]);
  }
});
