import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EMAILS_AFTER_RESTORE } from '../../../src/command-center/emails/after-restore.js';
import { EMAIL_STATES } from '../../../src/command-center/emails/email-state.js';
import { FolderCounts } from '../../../src/command-center/emails/folder-counts.js';
import type { EmailEventPage } from '../../../src/command-center/emails/email-view.dto.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { createWorld, newTeam, type World } from '../world.js';
import { emailIn, Mailer, readySender } from './email-world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld(new Date().toISOString());
});
afterAll(() => world.end());

test('after a restore nothing that may have left leaves again: channels are paused, what was due is in doubt', async () => {
  const team = await newTeam(world);
  const [rep] = team.reps;
  const sender = { ...(await readySender(world, team, rep!)), userId: rep!.userId };
  const mail = new Mailer(team.repClients[0]!);
  const ids: Record<string, string> = {};
  for (const state of EMAIL_STATES) ids[state] = await emailIn(world, team, sender, state);
  const later = new Date(Date.now() + 86_400_000);
  ids.later = await emailIn(world, team, sender, 'scheduled', { sendAt: later, dueAt: later });
  for (const sql of EMAILS_AFTER_RESTORE) await world.database.dataSource.query(sql);
  const rows: { id: string; state: string }[] = await world.database.dataSource.query('SELECT id, state FROM emails');
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const moved = ['scheduled', 'in_progress'];
  for (const state of EMAIL_STATES) expect(states.get(ids[state]!)).toBe(moved.includes(state) ? 'uncertain' : state);
  expect(states.get(ids.later)).toBe('scheduled');
  expect(await world.app.app.get(FolderCounts).verify(world.app.app.get(Transactions))).toEqual([]);
  const { data } = await mail.client.get<EmailEventPage>(`/v1/emails/${ids.scheduled}/events`);
  expect(data.map(({ event }) => event)).toEqual(['doubt', 'created']);
  expect(await mail.client.get(`/v1/channels/${sender.channelId}`)).toMatchObject({ state: 'paused' });
});
