import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { AttemptsRepository, type Begin } from '../../../src/command-center/emails/outgoing/attempts.repository.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { DISPATCH } from '../../../src/mail/dispatch/dispatch.js';
import { DispatchWorld } from './dispatch-world.js';

const TOKEN = '7';
let base: DispatchWorld;
let world: DispatchWorld;
let version: number;
let people = 0;

beforeAll(async () => {
  base = await DispatchWorld.create();
});
afterAll(() => base.end());

/** Somebody holds the lane of the channel. */
beforeEach(async () => {
  world = await base.another();
  const channel = world.sender.channelId;
  await world.sql(
    `INSERT INTO lanes (pipeline, lane, token, lease_until, generation)
     VALUES ($1, $2, $3, clock_timestamp() + interval '1 minute', 1)`,
    [DISPATCH, channel, TOKEN],
  );
  const [row] = await world.sql<{ version: number }>('SELECT version FROM delivery_channels WHERE id = $1', [channel]);
  version = row!.version;
});

/** A message that is about to leave, under such a lease and with the channel as it was read. */
async function leaving(token: string, read = version): Promise<Begin> {
  const id = await world.orphan(`p${(people += 1)}@example.com`, 'not begun');
  const [row] = await world.sql<{ attemptId: string }>('SELECT attempt_id AS "attemptId" FROM emails WHERE id = $1', [
    id,
  ]);
  const { channelId } = world.sender;
  return {
    ...{ attemptId: row!.attemptId, channel: { id: channelId, version: read } },
    lease: { pipeline: DISPATCH, lane: channelId, token },
  };
}

async function begin(...begins: Begin[]): Promise<string[]> {
  const { app } = base.world.app;
  const now = base.world.clock.now();
  return app.get(AttemptsRepository, { strict: false }).begin(app.get(Transactions), world.team.teamId, begins, now);
}

async function begun(): Promise<string[]> {
  const sql = 'SELECT id FROM email_attempts WHERE channel_id = $1 AND data_at IS NOT NULL';
  return (await world.sql<{ id: string }>(sql, [world.sender.channelId])).map(({ id }) => id);
}

test('of those asked for together, each begins under its own lease and as its channel was read', async () => {
  const [ours, another, changed] = [await leaving(TOKEN), await leaving('6'), await leaving(TOKEN, version + 1)];
  expect(await begin(another, ours, changed)).toEqual(['lost', 'begun', 'closed']);
  expect(await begun()).toEqual([ours.attemptId]);
});

test('one begins once', async () => {
  const one = await leaving(TOKEN);
  expect([await begin(one), await begin(one)]).toEqual([['begun'], ['lost']]);
});

test.each(['paused_at = now()', 'deleted_at = now()'])('none begins by a channel with %s', async (sql) => {
  const one = await leaving(TOKEN);
  await world.channel(sql);
  expect(await begin(one)).toEqual(['closed']);
  expect(await begun()).toEqual([]);
});

test('none begins under a lease that was given back', async () => {
  const one = await leaving(TOKEN);
  await world.sql('UPDATE lanes SET lease_until = NULL WHERE lane = $1', [world.sender.channelId]);
  expect(await begin(one)).toEqual(['lost']);
  expect(await begun()).toEqual([]);
});
