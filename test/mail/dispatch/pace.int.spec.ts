import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChannelLimits } from '../../../src/command-center/senders/channel-values.js';
import type { ChannelView } from '../../../src/command-center/senders/channels.dto.js';
import { PaceRepository } from '../../../src/mail/dispatch/pace.repository.js';
import type { Tx } from '../../../src/platform/database/transactions.js';
import {
  type Client,
  createWorld,
  inTransaction,
  newId,
  newTeam,
  type Team,
  type World,
} from '../../command-center/world.js';
import { sentOf, UNLIMITED } from './pace-model.js';

const paces = new PaceRepository();
const START = Date.parse('2026-03-04T10:00:00Z');
let world: World;
let team: Team;
let rep: Client;
let channel: ChannelView;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  rep = team.repClients[0] as Client;
  const server = { name: 'Ours', host: '127.0.0.1', port: 2525, security: 'none' };
  channel = (await rep.send<ChannelView>('post', '/v1/channels', server)).body;
});

const shown = () => rep.get<ChannelView>(`/v1/channels/${channel.id}`);
const write = (work: (tx: Tx) => Promise<unknown>) => inTransaction(world, work);
const soon = (seconds: number) => new Date(world.clock.now().getTime() + seconds * 1000);

describe('what a channel has sent', () => {
  /** The read is about three columns and their index; a table of just these stands before the real one. */
  const withAttempts = (times: readonly number[], work: (tx: Tx) => Promise<void>) =>
    write(async (tx) => {
      await tx.query(
        `CREATE TEMP TABLE email_attempts (team_id uuid NOT NULL, channel_id uuid NOT NULL, at timestamptz NOT NULL)
         ON COMMIT DROP`,
      );
      await tx.query('CREATE INDEX ON email_attempts (team_id, channel_id, at)');
      const add = (teamId: string, channelId: string, at: readonly number[]) =>
        tx.query('INSERT INTO email_attempts SELECT $1, $2, unnest($3::timestamptz[])', [
          ...[teamId, channelId, at.map((ms) => new Date(ms))],
        ]);
      await add(team.teamId, channel.id, times);
      await add(team.teamId, newId(), times);
      await add(newId(), channel.id, times);
      await work(tx);
    });

  const LIMITS: Partial<ChannelLimits>[] = [
    {},
    { perSecond: 3, perMinute: 20, perDay: 70 },
    { perSecond: 1, perMinute: 1, perDay: 1 },
    { perDay: 100_000 },
    { batchSize: 5, batchWaitSeconds: 20 },
    { batchSize: 25, batchWaitSeconds: 1 },
    { batchSize: 1, batchWaitSeconds: 3600 },
    { batchSize: 10_000, batchWaitSeconds: 45, perMinute: 7 },
  ];

  test('is counted in each rolling window and batch as its times say, of this channel alone', async () => {
    // Bursts, trickles and rests, from the second to the day; some on the very edge of a window.
    const rests = [0, 0, 1, 999, 1000, 400, 20_000, 0, 0, 45_000, 3000, 60_000, 59_999, 0, 3_600_000, 30_000_000];
    const times = [START];
    for (let nth = 0; nth < 90; nth++) times.push((times.at(-1) ?? 0) + (rests[(nth * 7) % rests.length] ?? 0));
    await withAttempts(times, async (tx) => {
      for (const partial of LIMITS) {
        const limits = { ...UNLIMITED, ...partial };
        for (const late of [0, 1, 1000, 20_000, 60_000, 86_400_000, 10 * 86_400_000]) {
          const now = (times.at(-1) ?? 0) + late;
          const read = await paces.sent(tx, team.teamId, channel.id, limits, new Date(now));
          expect(read).toEqual(sentOf(times, limits, now));
        }
      }
    });
  });

  test('is nothing at first', async () => {
    const limits = { ...UNLIMITED, ...LIMITS[1] };
    const nothing = { begun: 0, oldest: null };
    await withAttempts([], async (tx) => {
      const read = await paces.sent(tx, team.teamId, channel.id, limits, new Date(START));
      expect(read).toEqual({ second: nothing, minute: nothing, day: nothing, inBatch: 0, newest: null });
    });
  });
});

test('what went to each domain of recipients is counted over a minute', async () => {
  await write(async (tx) => {
    await tx.query('CREATE TEMP TABLE emails (team_id uuid, id uuid, to_address text) ON COMMIT DROP');
    await tx.query(
      'CREATE TEMP TABLE email_attempts (team_id uuid, channel_id uuid, email_id uuid, at timestamptz) ON COMMIT DROP',
    );
    const send = async (address: string, seconds: number, by = channel.id) => {
      const id = newId();
      await tx.query('INSERT INTO emails VALUES ($1, $2, $3)', [team.teamId, id, address]);
      await tx.query('INSERT INTO email_attempts VALUES ($1, $2, $3, $4)', [team.teamId, by, id, soon(seconds)]);
    };
    for (const seconds of [-60, -59, -30, -1]) await send('ann@Acme.example', seconds);
    await send('bob@acme.example', -20);
    await send('eve@rival.example', -5);
    await send('eve@rival.example', -5, newId());
    const read = (perDomainPerMinute: number | null) =>
      paces.sentToDomains(tx, team.teamId, channel.id, { ...UNLIMITED, perDomainPerMinute }, world.clock.now());
    const domains = await read(3);
    expect(domains.sort((a, b) => a.domain.localeCompare(b.domain))).toEqual([
      { domain: 'acme.example', begun: 4, oldest: soon(-30) },
      { domain: 'rival.example', begun: 1, oldest: soon(-5) },
    ]);
    expect(await read(null)).toEqual([]);
  });
});

describe('a channel', () => {
  test('shows what it waits for as long as it does', async () => {
    await write((tx) => paces.wait(tx, team.teamId, channel.id, { notBefore: soon(60), waitingFor: 'per_day' }));
    const waiting = { for: 'per_day', until: soon(60).toISOString() };
    expect(await shown()).toMatchObject({ state: 'waiting', waiting, trouble: null, version: 1 });
    world.clock.advance(60_000);
    expect(await shown()).toMatchObject({ state: 'ready', waiting: null });
  });

  test('keeps the gap that was drawn', async () => {
    const until = soon(3);
    await write((tx) => paces.keepGap(tx, team.teamId, channel.id, until));
    await write(async (tx) => expect(await paces.hold(tx, team.teamId, channel.id)).toEqual({ gapUntil: until }));
  });

  test('is held by one worker at a time', async () => {
    const free = () =>
      write((tx) =>
        tx.query('SELECT 1 FROM delivery_channel_paces WHERE channel_id = $1 FOR NO KEY UPDATE SKIP LOCKED', [
          channel.id,
        ]),
      );
    await write(async (tx) => {
      await paces.hold(tx, team.teamId, channel.id);
      expect(await free()).toEqual([]);
    });
    expect(await free()).toHaveLength(1);
  });

  test('leaves a server that fails alone, longer each time, up to 15 minutes; an email that it takes ends it', async () => {
    const fail = (random: number) =>
      write((tx) =>
        paces.backOff(tx, team.teamId, channel.id, { trouble: 'It is busy.', now: world.clock.now(), random }),
      );
    for (const seconds of [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      await fail(1);
      const waiting = { for: 'server', until: soon(seconds).toISOString() };
      // Another connection to the same server fails with it: that is no second failure.
      await fail(1);
      expect(await shown()).toMatchObject({ state: 'waiting', waiting, trouble: 'It is busy.' });
      world.clock.advance(seconds * 1000);
    }
    await fail(0);
    expect((await shown()).waiting).toEqual({ for: 'server', until: soon(1).toISOString() });
    await write((tx) => paces.clear(tx, team.teamId, channel.id));
    expect(await shown()).toMatchObject({ state: 'ready', waiting: null, trouble: null });
    await fail(1);
    expect((await shown()).waiting).toEqual({ for: 'server', until: soon(2).toISOString() });
  });

  const stop = (version: number, trouble = 'Bad credentials') =>
    write((tx) => paces.stop(tx, team.teamId, { id: channel.id, version }, trouble, world.clock.now()));

  test('that is refused the log-in stops, whatever else its connections say, until it is mended', async () => {
    await stop(1);
    const trouble = { trouble: 'too late', now: world.clock.now(), random: 1 };
    await write((tx) => paces.backOff(tx, team.teamId, channel.id, trouble));
    await write((tx) => paces.clear(tx, team.teamId, channel.id));
    expect(await shown()).toMatchObject({ state: 'stopped', waiting: null, trouble: 'Bad credentials' });
    const mended = await rep.send<ChannelView>(
      ...(['patch', `/v1/channels/${channel.id}`, { password: 'new' }, { 'If-Match': '"v1"' }] as const),
    );
    expect(mended.body).toMatchObject({ state: 'ready', trouble: null, version: 2 });
    // The answer to a log-in with the old password comes late.
    await stop(1);
    expect(await shown()).toMatchObject({ state: 'ready', trouble: null });
    await stop(2);
    expect((await rep.send('post', `/v1/channels/${channel.id}/resume`)).body).toMatchObject({
      ...{ state: 'ready', trouble: null, version: 3 },
    });
  });

  test('that waits for its server is tried at once when it is resumed', async () => {
    const trouble = { trouble: 'It is busy.', now: world.clock.now(), random: 1 };
    await write((tx) => paces.backOff(tx, team.teamId, channel.id, trouble));
    const resumed = await rep.send<ChannelView>('post', `/v1/channels/${channel.id}/resume`);
    expect(resumed.body).toMatchObject({ state: 'ready', waiting: null, trouble: null });
  });
});
