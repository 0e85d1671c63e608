import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EMAIL_STATES } from '../../../src/command-center/emails/email-state.js';
import { FolderCounts } from '../../../src/command-center/emails/folder-counts.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { createWorld, newTeam, type Team, type World } from '../world.js';
import { emailIn, Mailer, readySender, type Sender } from './email-world.js';

let world: World;
let team: Team;
let sender: Sender & { userId: string };
let mail: Mailer;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  sender = { ...(await readySender(world, team, team.reps[0]!)), userId: team.reps[0]!.userId };
  mail = new Mailer(team.repClients[0]!);
});

/** Everything that the tables of the emails say, as one text. */
async function allThatIsSaid(): Promise<string> {
  const tables = ['emails', 'email_contents', 'email_attempts', 'email_events', 'email_batches'];
  const texts: string[] = [];
  for (const table of tables) {
    const sql = `SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM ${table} t WHERE team_id = $1`;
    const [row]: { text: string }[] = await world.database.dataSource.query(sql, [team.teamId]);
    texts.push(row?.text ?? '');
  }
  return texts.join(' ');
}

test('the emails of somebody who is merged are those of who stays, and leave to their address', async () => {
  const loser = await mail.client.newPerson({ name: 'G. Harper', email: 'g@example.com' });
  const winner = await mail.client.newPerson({ name: 'Grace Harper', email: 'grace@example.com' });
  const email = await mail.write(loser.id, { schedule: { at: '2026-03-05T09:00:00Z' } });
  const path = `/v1/people/${winner.id}/merge`;
  expect((await mail.client.send('post', path, { person_id: loser.id })).status).toBe(200);
  expect(await mail.get(email.id)).toMatchObject({
    state: 'scheduled',
    person: { id: winner.id, email: 'grace@example.com' },
  });
  expect(await mail.folder('scheduled', `person_id=${winner.id}`)).toHaveLength(1);
});

test('of somebody who is erased only counts are left: what had not left is deleted, what had says nothing', async () => {
  const { id: personId } = await mail.client.newPerson({ name: 'Zaphod Harper', email: 'zaphod@example.com' });
  const fields = { personId, toName: 'Zaphod Harper', toAddress: 'zaphod@example.com', cc: ['zaphod@home.example'] };
  const subject = 'For Zaphod';
  for (const state of EMAIL_STATES) {
    if (state === 'in_progress') continue;
    const id = await emailIn(world, team, sender, state, { ...fields, subject, reasonDetail: 'no mailbox of zaphod' });
    await world.database.dataSource.query(
      `INSERT INTO email_attempts (team_id, id, email_id, channel_id, message_id, subject, html, at, response)
       SELECT team_id, gen_random_uuid(), id, channel_id, 'x@y', subject, 'Hello Zaphod', now(), '550 zaphod' FROM emails WHERE id = $1`,
      [id],
    );
  }
  const own = await mail.write(personId, { subject: 'Zaphod, a word', body: 'Dear Zaphod' });
  const bulk = { kind: 'select', subject: 'Zaphod only', body: 'For Zaphod', schedule: { at: '2027-03-05T09:00:00Z' } };
  await mail.batch({ ...bulk, person_ids: [personId] });
  expect(await allThatIsSaid()).toMatch(/zaphod/i);
  const before = await mail.counts();
  const answer = await team.adminClient.send('post', `/v1/people/${personId}/erase`, { confirm: 'zaphod@example.com' });
  expect(answer.status).toBe(200);
  expect(await allThatIsSaid()).not.toMatch(/zaphod/i);
  expect((await mail.client.refusal('get', `/v1/emails/${own.id}`)).status).toBe(404);
  const { drafts: _drafts, scheduled: _scheduled, ...rest } = before;
  expect(await mail.counts()).toEqual(rest);
  expect(await mail.folder('delivered')).toMatchObject([{ person: null, to_name: '', subject: '' }]);
  expect(await world.app.app.get(FolderCounts).verify(world.app.app.get(Transactions))).toEqual([]);
});

test('while an email to them is leaving nobody is erased', async () => {
  const { id: personId } = await mail.client.newPerson({ name: 'Grace', email: 'grace@example.com' });
  await emailIn(world, team, sender, 'in_progress', { personId });
  const answer = await team.adminClient.refusal('post', `/v1/people/${personId}/erase`, { confirm: 'Grace' });
  expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
});
