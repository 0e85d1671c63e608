import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { until } from '../../support/until.js';
import { createWorld, newTeam, type Team, type World } from '../world.js';
import { emailIn, Mailer, readySender, type Sender } from '../emails/email-world.js';
import { Listener } from './listener.js';

let world: World;
let team: Team;
let sender: Sender & { userId: string };
let rep: Mailer;
const open: Listener[] = [];

beforeAll(async () => {
  world = await createWorld();
  team = await newTeam(world);
  sender = { ...(await readySender(world, team, team.reps[0]!)), userId: team.reps[0]!.userId };
  rep = new Mailer(team.repClients[0]!);
});
afterEach(() => {
  for (const listener of open.splice(0)) listener.close();
});
afterAll(() => world.end());

async function listen(key: string): Promise<Listener> {
  const listener = await Listener.open(world.app, key);
  open.push(listener);
  return listener;
}
const emails = ({ heard }: Listener) => heard.filter(({ name }) => name === 'email').map(({ data }) => data);

test('a sender hears of each email of theirs, and so does an admin, who may look as them; nobody else does', async () => {
  const [own, admin, mate] = [
    await listen(team.reps[0]!.key),
    await listen(team.admin.key),
    await listen(team.reps[1]!.key),
  ];
  const { id } = await rep.client.newPerson({ name: 'Grace', email: 'grace@example.com' });
  const email = await rep.write(id);
  await until(() => emails(own).length === 1 && emails(admin).length === 1);
  expect(emails(own)).toEqual([{ id: email.id, user_id: sender.userId }]);
  await rep.act(email.id, 'schedule', { at: '2026-03-05T09:00:00Z' });
  await until(() => emails(own).length === 2);
  expect(emails(mate)).toEqual([]);
});

test('many at once are one event that names none', async () => {
  const own = await listen(team.reps[0]!.key);
  const ids: string[] = [];
  for (let n = 0; n < 25; n++) ids.push(await emailIn(world, team, sender, 'failed'));
  await until(() => emails(own).length >= 25);
  const before = emails(own).length;
  await rep.client.send('post', '/v1/emails/bulk', { ids, action: 'delete' });
  await until(() => emails(own).length > before);
  expect(emails(own).slice(before)).toEqual([{ id: null, user_id: sender.userId }]);
});
