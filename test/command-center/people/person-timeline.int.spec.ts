import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TimelineEntry, TimelinePage } from '../../../src/command-center/people/timeline/person-timeline.dto.js';
import { emailIn, Mailer, readySender, type Sender } from '../emails/email-world.js';
import { Client, createWorld, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let ann: Client;
let ben: Client;
let sender: Sender & { userId: string };
let personId: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  world.clock.set('2026-03-04T10:00:00Z');
  team = await newTeam(world, { reps: 2 });
  [ann, ben] = team.repClients as [Client, Client];
  sender = { ...(await readySender(world, team, team.reps[0]!)), userId: team.reps[0]!.userId };
  ({ id: personId } = await ann.newPerson({ name: 'Grace', email: 'grace@example.com' }));
});

const later = () => world.clock.advance(60_000);
const of = async (client: Client, query = '') =>
  (await client.get<TimelinePage>(`/v1/people/${personId}/timeline?${query}`)).data;
const lines = (entries: TimelineEntry[]) => entries.map(({ kind, what, text }) => `${kind} ${what}: ${text}`);

/** One of each kind, a minute apart. */
async function busyPast(): Promise<void> {
  await ann.send('put', `/v1/people/${personId}/authorization`, { type: 'consent', source: 'Fair', purpose: 'News' });
  later();
  await ann.send('post', `/v1/people/${personId}/notes`, { text: 'Likes ships' });
  later();
  const sentAt = world.clock.now();
  await emailIn(world, team, sender, 'archived', { personId, subject: 'First', sentAt });
  later();
  const call = await ann.newTask({ name: 'Call Grace', type: 'call', person_id: personId });
  later();
  await ann.change(call.id, 'complete', {});
  later();
  await emailIn(world, team, sender, 'bounced', { personId, subject: 'Second', reasonDetail: '550 Nobody' });
  later();
  await ann.send('post', `/v1/people/${personId}/unsubscribe`, { reason: 'Too much' });
}

test('shows everything between the team and a person, newest first, and who did it', async () => {
  await busyPast();
  const entries = await of(ann);
  expect(lines(entries)).toEqual([
    'unsubscribe unsubscribed: Too much',
    'email bounced: Second',
    'task completed: Call Grace',
    'email delivered: First',
    'note written: Likes ships',
    'authorization stated: News',
  ]);
  expect(entries.map(({ who }) => who.name)).toEqual(Array(6).fill('Rep 1'));
  expect(entries[1]).toMatchObject({ type: 'single', detail: '550 Nobody', at: '2026-03-04T10:05:00.000Z' });
  expect(entries[2]).toMatchObject({ type: 'call', at: '2026-03-04T10:04:00.000Z' });
});

test('pages through entries of one moment, each once, and takes only the kinds that are asked for', async () => {
  for (let n = 0; n < 5; n++) {
    await ann.send('post', `/v1/people/${personId}/notes`, { text: `Note ${n}` });
    await emailIn(world, team, sender, 'delivered', { personId, subject: `Email ${n}`, sentAt: world.clock.now() });
  }
  const all = await ann.all<TimelineEntry>(`/v1/people/${personId}/timeline`, 3);
  expect(new Set(all.map(({ id }) => id)).size).toBe(10);
  expect(all).toEqual(await of(ann));
  expect(await of(ann, 'kinds=note,task')).toHaveLength(5);
  const { status, body } = await ann.refusal('get', `/v1/people/${personId}/timeline?kinds=dreams`);
  expect([status, body.errors[0]?.field]).toEqual([400, 'kinds']);
});

test('neither drafts nor deleted emails are in it; what is scheduled stands at its time, before all', async () => {
  const mailer = new Mailer(ann);
  await mailer.write(personId, { subject: 'A draft' });
  await emailIn(world, team, sender, 'deleted', { personId, subject: 'Deleted' });
  await mailer.write(personId, { subject: 'Tomorrow', schedule: { at: '2026-03-05T09:00:00Z' } });
  await ann.send('post', `/v1/people/${personId}/notes`, { text: 'Now' });
  expect(lines(await of(ann))).toEqual(['email scheduled: Tomorrow', 'note written: Now']);
});

test('a colleague sees that somebody wrote, not what; tasks only of people who are open to them', async () => {
  await busyPast();
  expect((await ben.send('get', `/v1/people/${personId}/timeline`)).status).toBe(404);
  const own = await ann.newTask({ name: 'For Ben', person_id: personId });
  const person = await ann.get<{ version: number }>(`/v1/people/${personId}`);
  await ann.send('patch', `/v1/people/${personId}`, { shared: true }, { 'If-Match': `"v${person.version}"` });
  const shared = await of(ben);
  expect(shared.filter(({ kind }) => kind === 'email').map(({ text, detail }) => [text, detail])).toEqual([
    [null, null],
    [null, null],
  ]);
  expect(shared.filter(({ kind }) => kind === 'task')).toHaveLength(2);
  expect((await of(team.adminClient)).filter(({ kind }) => kind === 'email').map(({ text }) => text)).toEqual([
    'Second',
    'First',
  ]);
  // Not shared any more, and a task of Ben's own: that is what he sees.
  const { version } = await ann.get<{ version: number }>(`/v1/people/${personId}`);
  const given = await ann.get<{ id: string; version: number }>(`/v1/tasks/${own.id}`);
  await ann.edit(given, { assignee_id: team.reps[1]!.userId });
  await ann.send('patch', `/v1/people/${personId}`, { shared: false }, { 'If-Match': `"v${version}"` });
  expect((await of(ben)).filter(({ kind }) => kind === 'task').map(({ text }) => text)).toEqual(['For Ben']);
});

test('a key sees of it what its scopes are for', async () => {
  await busyPast();
  const made = await team.adminClient.send<{ key: string }>(
    'post',
    '/v1/api-keys',
    { name: 'Reader', scopes: ['people:read', 'tasks:read'] },
    { 'Idempotency-Key': 'reader' },
  );
  const kinds = (await of(new Client(world.app, made.body.key))).map(({ kind }) => kind);
  expect(kinds).toEqual(['unsubscribe', 'task', 'note', 'authorization']);
});
