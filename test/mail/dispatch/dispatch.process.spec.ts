import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { select } from '../../../src/sandbox/start/compare-read.js';
import { Fleet } from '../../fleet/fleet.js';
import { Killer } from '../../fleet/killer.js';
import { seeded } from '../../fleet/random.js';
import { buildPrograms } from '../../sandbox/start/built.js';
import { TestMailWorld } from '../../support/mail-world.js';

const CHANNELS = 20;
const CONNECTIONS = 3;
const EMAILS = 5_000;
const KILLS = 4;
/** Of a hundred recipients: whose server has words of its own. */
const LOCAL_PARTS = ['nobody', 'policy', 'full', 'greylist', 'greylist'];
const SLOW = { latencyMs: 60 };

let programs: { start: string; remove(): void };
let fleet: Fleet;
let mail: TestMailWorld;

beforeAll(async () => {
  programs = await buildPrograms();
  mail = await TestMailWorld.start(SLOW);
  fleet = await Fleet.start({
    code: dirname(programs.start),
    redisFolder: join(process.cwd(), '.sandbox', 'redis'),
    tasks: 10,
    workers: 2,
    env: { SWEEP_SECONDS: '1' },
  });
}, 180_000);
afterAll(async () => {
  await fleet?.stop();
  await mail?.stop();
  programs?.remove();
});

const here = <Row extends object = object>(sql: string, values: unknown[] = []) =>
  select<Row>(fleet.databaseUrl, sql, values);

/** Channels of one server, each with an address of its own that is confirmed. */
async function makeSenders(): Promise<string[]> {
  const { id: teamId, adminId } = fleet.sandbox.team;
  const rows = await here<{ id: string }>(
    `WITH c AS (
       INSERT INTO delivery_channels (team_id, id, owner_id, name, host, port, security, connections, created_at, updated_at)
       SELECT $1, gen_random_uuid(), $2, 'Channel ' || n, '127.0.0.1', $3, 'none', $4, now(), now()
       FROM generate_series(1, $5::int) n RETURNING team_id, id
     ), p AS (INSERT INTO delivery_channel_paces (team_id, channel_id) SELECT team_id, id FROM c)
     INSERT INTO identities (team_id, id, user_id, channel_id, email, name, verified_at, created_at, updated_at)
     SELECT team_id, gen_random_uuid(), $2, id, 'rep-' || id || '@northwind.example', 'Rep', now(), now(), now() FROM c
     RETURNING id`,
    [teamId, adminId, mail.smtpPort, CONNECTIONS, CHANNELS],
  );
  return rows.map(({ id }) => id);
}

/** So many people, each with an address that says how their server takes mail, and a name that no other has. */
async function makePeople(count: number, round: string): Promise<string[]> {
  const { id: teamId, adminId } = fleet.sandbox.team;
  const numbers = Array.from({ length: count }, (_, n) => n);
  const ids = numbers.map(() => uuidv7());
  const emails = numbers.map((n) => `${LOCAL_PARTS[n % 100] ?? 'person'}.${n}.${round}@example.com`);
  await here(
    `INSERT INTO people (team_id, id, name, email, owner_id, shared, created_at, updated_at)
     SELECT $1, t.id, t.name, t.email, $2, false, now(), now() FROM unnest($3::uuid[], $4::text[], $5::text[]) AS t (id, name, email)`,
    [teamId, adminId, ids, numbers.map((n) => `${round} ${n}`), emails],
  );
  return ids;
}

/** All due at one moment, over all channels. */
async function schedule(identities: readonly string[], people: readonly string[], at: Date): Promise<void> {
  const share = people.length / identities.length;
  for (const [n, identityId] of identities.entries()) {
    const mine = people.slice(n * share, (n + 1) * share);
    for (let from = 0; from < mine.length; from += 200) {
      await fleet.sandbox.team.admin.send('POST', '/v1/email-batches', {
        ...{ kind: 'select', identity_id: identityId, person_ids: mine.slice(from, from + 200) },
        ...{ subject: 'For {{name}}', body: '<p>Hello {{first_name}}</p>', schedule: { at: at.toISOString() } },
      });
    }
  }
}

const PENDING = `SELECT count(*)::int AS n FROM emails WHERE state IN ('scheduled', 'in_progress')`;

/** Sends all that is scheduled; milliseconds from the moment at which it was due. */
async function sendAll(round: string, disturb: () => Promise<void>): Promise<{ ms: number; people: string[] }> {
  const people = await makePeople(EMAILS, round);
  const at = new Date(Date.now() + 60_000);
  await schedule(identities, people, at);
  // Its time comes now for all at once, however long it took to write them.
  await here(`UPDATE emails SET due_at = now() WHERE state = 'scheduled'`);
  const began = performance.now();
  await disturb();
  for (let pending = EMAILS; pending > 0; await delay(200)) {
    if (performance.now() - began > 240_000) throw new Error(`Not within 4 minutes: ${pending} are left.`);
    // A minute passes for those whom a server sent away.
    await here(`UPDATE emails SET due_at = now() WHERE state = 'scheduled' AND reason = 'put_off'`).catch(() => []);
    const [row] = await here<{ n: number }>(PENDING).catch(() => []);
    pending = row?.n ?? pending;
  }
  return { ms: performance.now() - began, people };
}

let identities: string[];

test('5,000 emails over 20 channels: killed, emptied, restarted, and no mailbox has two copies', async () => {
  identities = await makeSenders();
  const calm = await sendAll('calm', () => Promise.resolve());
  const quiet = await mail.copies();
  // Of a hundred, three are refused for good.
  expect(quiet).toMatchObject({ deliveries: EMAILS * 0.97, bySubject: { count: 0 } });

  await mail.clear();
  await mail.control({ ...SLOW, dropAfterData: 0.004 });
  let killer: Killer | undefined;
  const wild = await sendAll('wild', async () => {
    killer = new Killer(fleet, { random: seeded(20_260_311), everyMs: [1_500, 3_000], most: KILLS });
    await delay(2_000);
    await new Redis(fleet.redisUrl).flushall();
    await delay(3_000);
    await fleet.crashPostgres();
  });
  await killer?.stop();
  const kills = killer?.kills ?? 0;
  const { struck } = await mail.state();
  const states = await here<{ state: string; reason: string | null; n: number; worded: boolean }>(
    `SELECT state, reason, count(*)::int AS n, bool_and(reason_detail IS NOT NULL) AS worded
     FROM emails WHERE person_id = ANY($1::uuid[]) GROUP BY state, reason ORDER BY state`,
    [wild.people],
  );
  const count = (state: string) => states.filter((row) => row.state === state).reduce((sum, { n }) => sum + n, 0);
  const copies = await mail.copies();
  // No mailbox has two copies of an email, whatever Message-ID each carries.
  expect(copies).toMatchObject({ bySubject: { count: 0 }, byMessageId: { count: 0 } });
  // What nobody can know is little, and is said: what was leaving when its worker was killed, and what the server cut.
  expect(count('uncertain')).toBeLessThanOrEqual(CONNECTIONS * CHANNELS * kills + struck.dropAfterData);
  // All others: delivered, or refused in the server's words.
  expect(count('delivered') + count('uncertain') + count('bounced') + count('failed')).toBe(EMAILS);
  expect(count('bounced')).toBeLessThanOrEqual(EMAILS * 0.02);
  expect(states.filter(({ state }) => state !== 'delivered').every(({ worded }) => worded)).toBe(true);
  expect(copies.deliveries).toBeGreaterThanOrEqual(count('delivered'));
  expect(copies.deliveries).toBeLessThanOrEqual(count('delivered') + count('uncertain'));
  expect(kills).toBe(KILLS);
  expect(wild.ms).toBeLessThanOrEqual(2 * calm.ms);
}, 600_000);
