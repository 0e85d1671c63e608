import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TaskPage, TaskView } from '../../../src/command-center/tasks/tasks.dto.js';
import { createWorld, newTeam, type Team, type World } from '../world.js';
import { emailIn, Mailer, readySender, type Sender } from './email-world.js';

let world: World;
let team: Team;
let sender: Sender & { userId: string };
let mail: Mailer;
let personId: string;
let emailId: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  world.clock.set('2026-03-04T10:00:00Z');
  team = await newTeam(world);
  sender = { ...(await readySender(world, team, team.reps[0]!)), userId: team.reps[0]!.userId };
  mail = new Mailer(team.repClients[0]!);
  personId = (await mail.client.newPerson({ name: 'Grace Harper', email: 'grace@example.com' })).id;
  emailId = await emailIn(world, team, sender, 'delivered', { personId });
});

const followUp = (fields: object) => mail.client.send<TaskView>('post', `/v1/emails/${emailId}/tasks`, fields);

test('a task that follows up an email is about its person, and stands in the row of the email', async () => {
  expect((await mail.get(emailId)).task).toBeNull();
  const { status, body: task } = await followUp({ name: 'Call Grace', type: 'call', due_date: '2026-03-06' });
  expect([status, task.person?.id, task.assignee.id]).toEqual([201, personId, sender.userId]);
  const [row] = await mail.folder('delivered');
  expect(row?.task).toEqual({ id: task.id, type: 'call', name: 'Call Grace', status: 'open', due_date: '2026-03-06' });
  const { data } = await mail.client.get<TaskPage>('/v1/tasks?view=all');
  expect(data[0]?.email).toEqual({ id: emailId });
});

test('of several, the one due next is shown; when all are done, the last', async () => {
  const { body: later } = await followUp({ name: 'Later', due_date: '2026-03-20' });
  const { body: soon } = await followUp({ name: 'Soon', due_date: '2026-03-05' });
  await followUp({ name: 'Some day' });
  const shown = async () => (await mail.get(emailId)).task?.name;
  expect(await shown()).toBe('Soon');
  await mail.client.change(soon.id, 'complete', {});
  expect(await shown()).toBe('Later');
  await mail.client.send('delete', `/v1/tasks/${later.id}`, undefined, { 'If-Match': '*' });
  expect(await shown()).toBe('Some day');
});

test('is for who sent the email, or an admin; a refused one leaves nothing', async () => {
  const colleague = team.repClients[1]!;
  const answer = await colleague.send('post', `/v1/emails/${emailId}/tasks`, { name: 'Mine' });
  expect(answer.status).toBe(404);
  expect((await followUp({ name: 'x', person_id: team.reps[1]!.userId })).status).toBe(400);
  const [rows] = await world.database.dataSource.query<{ n: string }[]>(
    'SELECT count(*) AS n FROM email_tasks WHERE team_id = $1',
    [team.teamId],
  );
  expect(rows?.n).toBe('0');
});
