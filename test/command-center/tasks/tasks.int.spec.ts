import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TaskView } from '../../../src/command-center/tasks/tasks.dto.js';
import { TaskDecorators } from '../../../src/command-center/tasks/task-decorators.js';
import { takeFaults } from '../../support/api-contract/faults.js';
import { type Client, createWorld, newId, newTeam, type ProblemBody, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;
let admin: Client;
let repId: string;

beforeAll(async () => {
  world = await createWorld('2026-03-04T10:00:00Z');
  team = await newTeam(world);
  [rep] = team.repClients as [Client];
  [{ userId: repId }] = team.reps as [{ userId: string; key: string }];
  admin = team.adminClient;
});
afterAll(() => world.end());

describe('making a task', () => {
  test('takes every field, and is the caller’s own', async () => {
    const person = await rep.newPerson({
      email: 'grace@example.com',
      salesforce_ids: ['0035g00000abcde', '00Q5g00000abcde'],
    });
    const task = await rep.newTask({
      name: '  Call Grace  ',
      type: 'call',
      priority: 'high',
      due_date: '2026-03-05',
      details: 'Ask about the renewal.\nBe kind.',
      reminder_at: '2026-03-05T10:00:00+01:00',
      person_id: person.id,
      what_id: '001A0000006Vm9u',
      what_name: 'Acme',
      call_outcome: 'Reached',
      call_reason: 'Renewal',
    });
    expect(task).toEqual({
      id: expect.any(String),
      name: 'Call Grace',
      type: 'call',
      status: 'open',
      priority: 'high',
      due_date: '2026-03-05',
      details: 'Ask about the renewal.\nBe kind.',
      reminder_at: '2026-03-05T09:00:00.000Z',
      assignee: { id: repId, name: 'Rep 1' },
      person: { id: person.id, name: 'Grace', email: 'grace@example.com' },
      who_id: '0035g00000abcdeAAA',
      what_id: '001A0000006Vm9uIAC',
      what_name: 'Acme',
      call_outcome: 'Reached',
      call_reason: 'Renewal',
      snoozed_until: null,
      away_since: null,
      closed_at: null,
      deleted_at: null,
      created_at: '2026-03-04T10:00:00.000Z',
      updated_at: '2026-03-04T10:00:00.000Z',
      version: 1,
      salesforce: null,
      email: null,
    });
    expect(await rep.get(`/v1/tasks/${task.id}`)).toEqual(task);
  });

  test('needs a name, and has defaults for the rest', async () => {
    const answer = await rep.refusal('post', '/v1/tasks', { name: '   ' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'name' }] } });
    expect(await rep.newTask({ name: 'x' })).toMatchObject({ type: 'custom', priority: 'normal', due_date: null });
  });

  test.each([
    ['due_date', '2026-02-30'],
    ['due_date', '2026-03-04T00:00:00Z'],
    ['due_date', '4 March'],
    ['reminder_at', '2026-03-04T10:00'],
    ['reminder_at', '2026-02-30T10:00:00Z'],
    ['reminder_at', '9999-12-31T23:59:59-14:00'],
    ['type', 'meeting'],
    ['type', null],
    ['priority', 'urgent'],
    ['what_id', 'acme'],
    ['call_outcome', 'Reached'],
    ['person_id', 'nobody'],
    ['status', 'completed'],
  ])('refuses %s = %j', async (field, value) => {
    const answer = await rep.refusal('post', '/v1/tasks', { name: 'x', [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input', errors: [{ field }] } });
  });

  test('32,000 characters of details are kept whole, one more is refused, nothing is cut', async () => {
    const longest = 'é'.repeat(32_000);
    const task = await rep.newTask({ details: longest });
    expect(task.details).toBe(longest);
    const more = { details: `${longest}!` };
    expect(await rep.refusal('post', '/v1/tasks', { name: 'x', ...more })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'details', message: 'must be at most 32,000 characters long; nothing is cut off' }] },
    });
    expect(await rep.tryEdit(task, more)).toMatchObject({ status: 400 });
    expect((await rep.get<TaskView>(`/v1/tasks/${task.id}`)).details).toBe(longest);
  });

  test('an assignee or person of nowhere is a wrong field', async () => {
    for (const [field, client] of [
      ['assignee_id', admin],
      ['person_id', rep],
    ] as const) {
      const answer = await client.refusal('post', '/v1/tasks', { name: 'x', [field]: newId() });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
  });
});

describe('editing a task', () => {
  test('changes what is sent, clears what is null, and counts one version up', async () => {
    const task = await rep.newTask({ due_date: '2026-03-05', details: 'notes', priority: 'high' });
    world.clock.advance(60_000);
    const after = await rep.edit(task, { due_date: null, details: '', name: 'Write Grace', type: 'email' });
    const updated_at = world.clock.now().toISOString();
    const changed = { due_date: null, details: null, name: 'Write Grace', type: 'email', version: 2, updated_at };
    expect(after).toEqual({ ...task, ...changed });
  });

  test('needs If-Match; an old one is refused', async () => {
    const task = await rep.newTask();
    expect(await rep.refusal('patch', `/v1/tasks/${task.id}`, { name: 'x' })).toMatchObject({ status: 428 });
    await rep.edit(task, { name: 'first' });
    expect(await rep.tryEdit(task, { name: 'second' })).toMatchObject({
      status: 412,
      body: { code: 'version_mismatch' },
    });
    expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ name: 'first', version: 2 });
  });

  test('of two edits of one version at the same moment, one wins', async () => {
    for (let round = 0; round < 5; round++) {
      const task = await rep.newTask();
      const answers = await Promise.all(['left', 'right'].map((name) => rep.tryEdit<TaskView>(task, { name })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      const won = answers.find(({ status }) => status === 200);
      expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ name: won?.body.name, version: 2 });
    }
  });

  test('an edit that changes nothing is no change', async () => {
    const task = await rep.newTask({ details: 'notes' });
    expect(await rep.edit(task, { name: task.name, details: 'notes' })).toEqual(task);
    expect(await rep.history(task.id)).toHaveLength(1);
  });

  test('each change is one line in the history: field, old, new, who', async () => {
    const task = await rep.newTask({ due_date: '2026-03-05' });
    const edited = await rep.edit(task, { due_date: '2026-03-06', priority: 'high', details: 'notes' });
    await rep.change(edited.id, 'complete');
    await rep.change(edited.id, 'complete');
    await admin.change(edited.id, 'reopen');
    await rep.send('delete', `/v1/tasks/${edited.id}`);
    await rep.change(edited.id, 'restore');
    const lines = await rep.history(task.id);
    expect(lines).toEqual([
      { field: 'created', old: null, new: null, by: 'Rep 1' },
      { field: 'priority', old: 'normal', new: 'high', by: 'Rep 1' },
      { field: 'due_date', old: '2026-03-05', new: '2026-03-06', by: 'Rep 1' },
      { field: 'details', old: null, new: 'notes', by: 'Rep 1' },
      { field: 'status', old: 'open', new: 'completed', by: 'Rep 1' },
      { field: 'status', old: 'completed', new: 'open', by: 'Ada Admin' },
      { field: 'deleted', old: null, new: null, by: 'Rep 1' },
      { field: 'restored', old: null, new: null, by: 'Rep 1' },
    ]);
    const paged = await rep.all<{ field: string }>(`/v1/tasks/${task.id}/history`, 3);
    expect(paged.map(({ field }) => field).reverse()).toEqual(lines.map(({ field }) => field));
  });

  test('another person brings their own Salesforce record; none, none', async () => {
    const [first, second] = [
      await rep.newPerson({ salesforce_ids: ['00Q5g00000first'] }),
      await rep.newPerson({ salesforce_ids: ['0035g0000second'] }),
    ];
    const task = await rep.newTask({ person_id: first.id });
    expect(task.who_id).toMatch(/^00Q5g00000first/);
    const moved = await rep.edit(task, { person_id: second.id });
    expect(moved).toMatchObject({ person: { id: second.id }, who_id: expect.stringMatching(/^0035g0000second/) });
    expect(await rep.edit(moved, { person_id: null })).toMatchObject({ person: null, who_id: null });
  });
});

describe('verbs', () => {
  test('complete, skip, reopen, delete and restore; done twice they change nothing', async () => {
    const { id } = await rep.newTask();
    for (const [verb, status, version] of [
      ['complete', 'completed', 2],
      ['complete', 'completed', 2],
      ['reopen', 'open', 3],
      ['reopen', 'open', 3],
      ['skip', 'skipped', 4],
      ['skip', 'skipped', 4],
      ['complete', 'completed', 5],
    ] as const) {
      const answer = await rep.send<TaskView>('post', `/v1/tasks/${id}/${verb}`);
      expect(answer).toMatchObject({ status: 200, etag: `"v${version}"`, body: { status, version } });
      expect(answer.body.closed_at === null).toBe(status === 'open');
    }
    for (const version of [6, 6]) {
      const deleted = await rep.send<TaskView>('delete', `/v1/tasks/${id}`);
      expect(deleted).toMatchObject({ status: 200, etag: `"v${version}"`, body: { deleted_at: expect.any(String) } });
    }
    expect(await rep.refusal('get', `/v1/tasks/${id}`)).toMatchObject({ status: 404 });
    expect(await rep.refusal('post', `/v1/tasks/${id}/complete`)).toMatchObject({ status: 409 });
    expect(await rep.names('view=all&q=nothing+of+this')).toEqual([]);
    const restored = await rep.change(id, 'restore');
    expect(restored).toMatchObject({ status: 'completed', deleted_at: null, version: 7 });
    expect(await rep.change(id, 'restore')).toEqual(restored);
  });

  test('a call is completed with its outcome', async () => {
    const call = await rep.newTask({ type: 'call' });
    const done = await rep.change(call.id, 'complete', { call_outcome: 'Reached', call_reason: 'Renewal' });
    expect(done).toMatchObject({ status: 'completed', call_outcome: 'Reached', call_reason: 'Renewal', version: 2 });
    const other = await rep.newTask();
    const refused = await rep.refusal('post', `/v1/tasks/${other.id}/complete`, { call_outcome: 'Reached' });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'call_outcome' }] } });
    expect(await rep.get(`/v1/tasks/${other.id}`)).toMatchObject({ status: 'open' });
  });

  test('If-Match is honoured where it is sent', async () => {
    const task = await rep.newTask();
    await rep.edit(task, { name: 'changed' });
    const path = `/v1/tasks/${task.id}/complete`;
    const stale = await rep.send<ProblemBody>('post', path, {}, { 'If-Match': '"v1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
    expect(await rep.send('post', path, {}, { 'If-Match': '"v2"' })).toMatchObject({ status: 200 });
  });

  test('snooze needs a time to come, and an open task', async () => {
    const { id } = await rep.newTask();
    const path = `/v1/tasks/${id}/snooze`;
    for (const body of [{}, { until: '2020-01-01T00:00:00Z' }, { until: 'later' }]) {
      expect(await rep.refusal('post', path, body)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'until' }] },
      });
    }
    const until = '2026-06-01T08:00:00.000Z';
    expect(await rep.change(id, 'snooze', { until })).toMatchObject({ snoozed_until: until, version: 2 });
    expect(await rep.change(id, 'snooze', { until })).toMatchObject({ version: 2 });
    expect(await rep.change(id, 'snooze', { until: null })).toMatchObject({ snoozed_until: null, version: 3 });
    await rep.change(id, 'skip');
    expect(await rep.refusal('post', path, { until })).toMatchObject({ status: 409 });
  });

  test('a task that is away is shown, and neither listed nor changed', async () => {
    const task = await rep.newTask({ name: 'Moved there', due_date: '2026-03-04' });
    await world.database.dataSource.query('UPDATE tasks SET away_since = now() WHERE id = $1', [task.id]);
    expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ away_since: expect.any(String) });
    for (const view of ['today', 'all']) expect(await rep.names(`view=${view}`)).not.toContain('Moved there');
    const answers = [
      await rep.tryEdit(task, { name: 'x' }),
      await rep.refusal('post', `/v1/tasks/${task.id}/complete`),
      await rep.refusal('delete', `/v1/tasks/${task.id}`),
      await rep.refusal('post', `/v1/tasks/${task.id}/snooze`, { until: null }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 409, body: { code: 'task_away' } });
  });
});

test('others may show something of their own with each task', async () => {
  const task = await rep.newTask({ name: 'Decorated', due_date: '2026-03-04' });
  world.app.app.get(TaskDecorators).register('campaign', (teamId, ids) => {
    expect(teamId).toBe(team.teamId);
    return Promise.resolve(new Map(ids.filter((id) => id === task.id).map((id) => [id, { step: 3 }])));
  });
  expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ campaign: { step: 3 } });
  expect(await rep.edit(task, { priority: 'low' })).toMatchObject({ campaign: { step: 3 } });
  const listed = await rep.all<TaskView>('/v1/tasks');
  expect(listed.find(({ id }) => id === task.id)).toMatchObject({ campaign: { step: 3 } });
  expect(await rep.newTask()).toMatchObject({ campaign: null });
  for (const fault of takeFaults()) expect(fault).toContain('"additionalProperty":"campaign"');
});
