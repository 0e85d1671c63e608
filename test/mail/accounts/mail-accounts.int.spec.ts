import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ChannelTokens } from '../../../src/mail/accounts/channel-tokens.js';
import { DISPATCH } from '../../../src/mail/dispatch/dispatch.js';
import { LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import type { ChannelList, ChannelView } from '../../../src/command-center/senders/channels.dto.js';
import type { ChannelTestResult } from '../../../src/mail/channels/channel-tests.dto.js';
import { Mailer, readySender } from '../../command-center/emails/email-world.js';
import { Client, newTeam, type Team } from '../../command-center/world.js';
import type { TestUser } from '../../support/app.js';
import type { TestMailWorld } from '../../support/mail-world.js';
import { between, connectMailbox, createMailboxWorld, type MailboxWorld, sessionOf } from './mailbox-world.js';

let world: MailboxWorld;
let mail: TestMailWorld;
let team: Team;
let rep: TestUser;
let ann: Client;

beforeAll(async () => {
  world = await createMailboxWorld();
  ({ mail } = world);
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world, { reps: 2 });
  [rep] = team.reps as [TestUser];
  [ann] = team.repClients as [Client];
});

type Input = { provider: string; team?: boolean };
const connect = (who: TestUser, input: Input, address: string, as: { cookie?: string; times?: number } = {}) =>
  connectMailbox(world, { team, who, provider: input.provider, ...(input.team && { forTeam: true }) }, address, as);
const own = async (client = ann) => (await client.get<ChannelList>('/v1/channels')).data;
const tryChannel = (id: string) => ann.send<ChannelTestResult>('post', `/v1/channels/${id}/test`, {});
const forget = (what: 'tokens' | 'grants') => fetch(`${mail.url}/oauth/${what}`, { method: 'DELETE' });

describe('A mailbox', () => {
  test.each([
    ['google', 'Gmail', { connections: 5, per_day: 2000, per_minute: null }],
    ['microsoft', 'Microsoft 365', { connections: 3, per_day: 10_000, per_minute: 30 }],
  ])(
    'at %s becomes a channel with the limits of its provider, and no secret is shown',
    async (provider, label, limits) => {
      const answer = await connect(rep, { provider }, 'Ann@Mailbox.example');
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('ann@mailbox.example')]);
      const [channel] = await own();
      expect(channel).toMatchObject({
        ...{ provider, name: `${label}: ann@mailbox.example`, username: 'ann@mailbox.example', state: 'ready' },
        ...{ has_password: false, owner: { id: rep.userId }, ...limits },
      });
      expect((await tryChannel(channel!.id)).body).toMatchObject({ ok: true });
      const rows = await world.database.dataSource.query<{ grant: string }[]>(
        'SELECT row_to_json(g)::text AS grant FROM delivery_channel_grants g WHERE team_id = $1',
        [team.teamId],
      );
      const tokens = (await mailRows('SELECT token FROM mail_access_token')).map(({ token }) => token);
      expect(tokens.some((token) => rows[0]?.grant.includes(token ?? ''))).toBe(false);
    },
  );

  test('connected once more is the same channel, which goes on', async () => {
    await connect(rep, { provider: 'google' }, 'ann@mailbox.example');
    const [before] = await own();
    await forget('grants');
    expect((await tryChannel(before!.id)).body).toMatchObject({ ok: false, step: 'log_in' });
    await connect(rep, { provider: 'google' }, 'ann@mailbox.example');
    expect((await own()).map(({ id }) => id)).toEqual([before!.id]);
    expect((await tryChannel(before!.id)).body).toMatchObject({ ok: true });
  });

  test('connected in two tabs at once is one channel', async () => {
    const both = [0, 1].map(() => connect(rep, { provider: 'google' }, 'ann@mailbox.example'));
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await own()).toHaveLength(1);
  });

  test('of the team is for admins', async () => {
    expect((await connect(rep, { provider: 'google', team: true }, 'x@mailbox.example')).status).toBe(403);
    await connect(team.admin, { provider: 'google', team: true }, 'sales@mailbox.example');
    expect((await own()).map(({ owner, username }) => [owner, username])).toEqual([[null, 'sales@mailbox.example']]);
  });

  test('has its server from its provider: that is not changed, limits are', async () => {
    await connect(rep, { provider: 'google' }, 'ann@mailbox.example');
    const [channel] = await own();
    const patch = (body: object) =>
      ann.send<ChannelView & { errors: { field: string }[] }>('patch', `/v1/channels/${channel!.id}`, body, {
        'If-Match': '*',
      });
    const refused = await patch({ host: '127.0.0.1', password: 'x' });
    expect([refused.status, refused.body.errors.map(({ field }) => field)]).toEqual([400, ['host', 'password']]);
    expect((await patch({ per_day: 100 })).body).toMatchObject({ per_day: 100, provider: 'google' });
    await ann.send('delete', `/v1/channels/${channel!.id}`);
    expect(
      await world.database.dataSource.query('SELECT 1 FROM delivery_channel_grants WHERE team_id = $1', [team.teamId]),
    ).toEqual([]);
  });
});

describe('Coming back', () => {
  test('works once, in the browser that left, for whoever left', async () => {
    const twice = await connect(rep, { provider: 'google' }, 'a@mailbox.example', { times: 2 });
    expect([twice.status, twice.text]).toEqual([400, expect.stringContaining('This visit is over')]);
    for (const cookie of [await sessionOf(world, team, rep), await sessionOf(world, team, team.reps[1]!), '']) {
      const answer = await connect(rep, { provider: 'google' }, 'b@mailbox.example', { cookie });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('begun in another browser')]);
    }
    expect(await own()).toHaveLength(1);
  });

  test.each([
    ['google', 'openid email', 'openid email https://mail.google.com/'],
    ['microsoft', 'openid email', 'openid email https://outlook.office.com/SMTP.Send'],
  ])('from %s with the mail unticked says so, and connects nothing', async (provider, unticked, ticked) => {
    const given = (scope: string) =>
      between(
        async (_, pass) => Response.json({ ...((await (await pass()).json()) as object), scope }),
        () => connect(rep, { provider }, 'ann@mailbox.example'),
      );
    const answer = await given(unticked);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('You did not allow sending')]);
    expect(await own()).toEqual([]);
    expect((await given(ticked)).status).toBe(200);
    expect(await own()).toHaveLength(1);
  });

  test('with a no says so; what is no state of ours, too', async () => {
    for (const query of ['error=access_denied&state=x', 'code=x', '']) {
      const answer = await world.app.http.get(`/v1/mail-accounts/callback?${query}`);
      expect([answer.status, answer.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    }
  });
});

describe('Sending by it', () => {
  let channelId: string;
  let mailer: Mailer;
  let personId: string;

  beforeEach(async () => {
    await mail.clear();
    await connect(rep, { provider: 'google' }, 'ann@mailbox.example');
    channelId = (await own())[0]!.id;
    const { identityId } = await readySender(world, team, rep);
    await world.database.dataSource.query('UPDATE identities SET channel_id = $2 WHERE id = $1', [
      identityId,
      channelId,
    ]);
    mailer = new Mailer(ann);
    ({ id: personId } = await ann.newPerson({ name: 'Grace', email: 'grace@example.com' }));
  });
  const run = () => world.app.app.get(LaneRunner).runLane(DISPATCH, channelId);

  test('goes on when the token has run out, and when the server refuses it before its time', async () => {
    world.clock.advance(3_600_000);
    const first = await mailer.write(personId, { schedule: {} });
    await run();
    expect(await mailer.get(first.id)).toMatchObject({ state: 'delivered' });
    world.clock.advance(120_000);
    await forget('tokens');
    const second = await mailer.write(personId, { subject: 'Second', schedule: {} });
    await run();
    expect(await mailer.get(second.id)).toMatchObject({ state: 'delivered', waiting: null });
    expect(await mail.messages('grace@example.com')).toHaveLength(2);
  });

  test('of several who find the token run out, one gets a new one', async () => {
    world.clock.advance(3_600_000);
    const before = await mailRows('SELECT 1 FROM mail_access_token');
    const tokens = world.app.app.get(ChannelTokens);
    const got = await Promise.all([1, 2, 3, 4].map(() => tokens.accessToken(team.teamId, channelId, false)));
    expect(new Set(got).size).toBe(1);
    expect(await mailRows('SELECT 1 FROM mail_access_token')).toHaveLength(before.length + 1);
  });

  test('stops when the permission is taken back: no email fails, and all leave once it is connected again', async () => {
    await forget('grants');
    world.clock.advance(3_600_000);
    const email = await mailer.write(personId, { schedule: {} });
    await run();
    expect(await mailer.get(email.id)).toMatchObject({ state: 'scheduled', waiting: { for: 'channel_stopped' } });
    expect((await own())[0]).toMatchObject({
      state: 'stopped',
      trouble: expect.stringContaining('connect the mailbox again'),
    });
    await connect(rep, { provider: 'google' }, 'ann@mailbox.example');
    await run();
    expect(await mailer.get(email.id)).toMatchObject({ state: 'delivered' });
  });

  test('waits, and is tried again, while the provider cannot be reached', async () => {
    world.clock.advance(3_600_000);
    const real = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));
    const email = await mailer.write(personId, { schedule: {} });
    await run().finally(() => (globalThis.fetch = real));
    expect(await mailer.get(email.id)).toMatchObject({ state: 'scheduled', waiting: { for: 'server' } });
    expect((await own())[0]?.trouble).toContain('cannot be reached');
    world.clock.advance(600_000);
    await run();
    expect(await mailer.get(email.id)).toMatchObject({ state: 'delivered' });
  });
});

async function mailRows(sql: string): Promise<{ token?: string }[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: mail.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ token?: string }>(sql);
  await client.end();
  return rows;
}
