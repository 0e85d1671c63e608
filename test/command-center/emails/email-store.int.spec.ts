import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EMAIL_EVENTS, EMAIL_STATES, folderOf, nextState } from '../../../src/command-center/emails/email-state.js';
import { EmailStore } from '../../../src/command-center/emails/email-store.js';
import { FolderCounts } from '../../../src/command-center/emails/folder-counts.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import type { EmailChange } from '../../../src/command-center/emails/email-values.js';
import { createWorld, inTransaction, newId, newTeam, type Team, type World } from '../world.js';
import { emailIn, Mailer, readySender, type Sender } from './email-world.js';

let world: World;
let team: Team;
let sender: Sender & { userId: string };
let store: EmailStore;

beforeAll(async () => {
  world = await createWorld();
  team = await newTeam(world);
  const [rep] = team.reps;
  sender = { ...(await readySender(world, team, rep!)), userId: rep!.userId };
  store = world.app.app.get(EmailStore);
});
afterAll(() => world.end());

const author = () => ({ actor: null, at: world.clock.now() });
const wrongCounts = () => world.app.app.get(FolderCounts).verify(world.app.app.get(Transactions));
const set: EmailChange = { reason: 'refused' };

test.each(EMAIL_EVENTS)(
  '%s moves those that are in a state for it and nobody else, and keeps the counts',
  async (event) => {
    const ids = new Map<string, string>();
    for (const state of EMAIL_STATES) ids.set(await emailIn(world, team, sender, state), state);
    const moved = await inTransaction(world, (tx) =>
      store.move(
        tx,
        team.teamId,
        event,
        [...ids.keys()].map((id) => ({ id, set, detail: 'why' })),
        author(),
      ),
    );
    const after: { id: string; state: string; folder: string; version: number; events: string[] }[] =
      await world.database.dataSource.query(
        `SELECT e.id, e.state, e.folder, e.version, (
         SELECT array_agg(v.event ORDER BY v.id) FROM email_events v WHERE v.team_id = e.team_id AND v.email_id = e.id) AS events
       FROM emails e WHERE e.id = ANY($1)`,
        [[...ids.keys()]],
      );
    expect(after).toHaveLength(EMAIL_STATES.length);
    for (const row of after) {
      const before = ids.get(row.id) as (typeof EMAIL_STATES)[number];
      const to = nextState(before, event);
      expect({ before, ...row }).toEqual({
        before,
        id: row.id,
        state: to ?? before,
        folder: folderOf(to ?? before),
        version: to ? 2 : 1,
        events: to ? ['created', event] : ['created'],
      });
      expect(moved.has(row.id)).toBe(to !== undefined);
    }
    expect(await wrongCounts()).toEqual([]);
  },
);

test('the database holds what the table of transitions says', async () => {
  const id = await emailIn(world, team, sender, 'failed');
  const change = (sql: string) => world.database.dataSource.query(`UPDATE emails SET ${sql} WHERE id = $1`, [id]);
  await expect(change(`state = 'sent'`)).rejects.toThrow('ck_emails_state');
  await expect(change(`state = 'scheduled', due_at = NULL`)).rejects.toThrow('ck_emails_due');
  await expect(change(`reason = NULL`)).rejects.toThrow('ck_emails_reason');
  await expect(change(`kind = 'group', state = 'draft'`)).rejects.toThrow('ck_emails_draft');
});

test('what an older attempt learns late changes nothing', async () => {
  const [older, last] = [newId(), newId()];
  const id = await emailIn(world, team, sender, 'in_progress', { attemptId: last });
  const accept = (attemptId: string) =>
    inTransaction(world, (tx) => store.move(tx, team.teamId, 'accept', [{ id, attemptId }], author()));
  expect([...(await accept(older))]).toEqual([]);
  expect([...(await accept(last))]).toEqual([id]);
});

test('two at once on one email have one winner, a hundred times over', async () => {
  for (let round = 0; round < 100; round++) {
    const id = await emailIn(world, team, sender, 'scheduled');
    const move = (event: 'claim' | 'delete') =>
      inTransaction(world, (tx) => store.move(tx, team.teamId, event, [{ id }], author()));
    const [claimed, deleted] = await Promise.all([move('claim'), move('delete')]);
    expect(claimed.size + deleted.size).toBe(1);
  }
  expect(await wrongCounts()).toEqual([]);
});

test('another team’s emails do not move', async () => {
  const id = await emailIn(world, team, sender, 'delivered');
  const other = await newTeam(world);
  const moved = await inTransaction(world, (tx) => store.move(tx, other.teamId, 'archive', [{ id }], author()));
  expect(moved.size).toBe(0);
});

test('counts are the same before, while and after they are folded, and a wrong one is found', async () => {
  const mail = new Mailer(team.repClients[0]!);
  const before = await mail.counts();
  const counts = world.app.app.get(FolderCounts);
  expect(await counts.dueLanes(world.clock.now(), 10)).toEqual([team.teamId]);
  const lease = { lane: team.teamId, check: () => Promise.resolve() };
  expect(await counts.slice(lease as never)).toEqual({ kind: 'idle' });
  expect(await counts.dueLanes(world.clock.now(), 10)).toEqual([]);
  expect(await mail.counts()).toEqual(before);
  await emailIn(world, team, sender, 'spam');
  expect(await mail.counts()).toEqual({ ...before, spam: (before.spam ?? 0) + 1 });
  await world.database.dataSource.query(
    `UPDATE email_folder_counts SET emails = emails + 2 WHERE user_id = $1 AND folder = 'spam'`,
    [sender.userId],
  );
  const wrong = { teamId: team.teamId, userId: sender.userId, folder: 'spam' };
  expect(await wrongCounts()).toMatchObject([
    { ...wrong, counted: (before.spam ?? 0) + 3, real: (before.spam ?? 0) + 1 },
  ]);
});
