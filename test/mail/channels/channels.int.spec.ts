import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChannelView } from '../../../src/command-center/senders/channels.dto.js';
import type { IdentityView } from '../../../src/command-center/senders/identities.dto.js';
import type { ChannelTestResult } from '../../../src/mail/channels/channel-tests.dto.js';
import { SealedColumns } from '../../../src/platform/secrets/sealed-columns.js';
import { type MailWorld, startMailWorld } from '../../../src/sandbox/mail-world/server.js';
import { SMTPServer } from 'smtp-server';
import {
  type Answer,
  Client,
  createWorld,
  newTeam,
  type ProblemBody,
  type Team,
  type World,
} from '../../command-center/world.js';
import { createTestApp } from '../../support/app.js';
import { createEmptyDatabase } from '../../support/database.js';

let world: World;
let mail: MailWorld;
let mailDatabase: Awaited<ReturnType<typeof createEmptyDatabase>>;
let team: Team;
let rep: Client;
let mate: Client;

beforeAll(async () => {
  world = await createWorld();
  mailDatabase = await createEmptyDatabase();
  mail = await startMailWorld({ databaseUrl: mailDatabase.url });
});
afterAll(async () => {
  await mail.close();
  await mailDatabase.drop();
  await world.end();
});
beforeEach(async () => {
  team = await newTeam(world);
  [rep, mate] = team.repClients as [Client, Client];
  await fetch(`${mail.url}/mailbox/messages`, { method: 'DELETE' });
});

const server = (port = Number(new URL(mail.smtpUrl).port)) => ({
  ...{ name: 'Mail world', host: '127.0.0.1', port, security: 'none' },
});

async function channel(client: Client, fields: object = {}): Promise<ChannelView> {
  const answer = await client.send<ChannelView>('post', '/v1/channels', { ...server(), ...fields });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function identity(client: Client, fields: object = {}): Promise<IdentityView> {
  const input = { email: 'Ann@Acme.example', name: 'Ann', ...fields };
  const answer = await client.send<IdentityView>('post', '/v1/identities', input);
  expect(answer.status).toBe(201);
  return answer.body;
}

function edit<T = ProblemBody>(client: Client, path: string, version: number, body: object): Promise<Answer<T>> {
  return client.send<T>('patch', path, body, { 'If-Match': `"v${version}"` });
}

async function mailbox(): Promise<{ subject: string; envelopeFrom: string; recipients: string[] }[]> {
  const response = await fetch(`${mail.url}/mailbox/messages`);
  return ((await response.json()) as { messages: { subject: string; envelopeFrom: string; recipients: string[] }[] })
    .messages;
}

async function codeSentTo(client: Client, { id }: IdentityView): Promise<string> {
  expect((await client.send('post', `/v1/identities/${id}/code`)).status).toBe(200);
  const [newest] = await mailbox();
  return /^\d{6}/.exec(newest?.subject ?? '')?.[0] ?? '';
}

async function withServer<T>(
  options: ConstructorParameters<typeof SMTPServer>[0],
  work: (port: number) => Promise<T>,
  use: (stand: SMTPServer) => void = () => undefined,
): Promise<T> {
  const stand = new SMTPServer({ logger: false, disableReverseLookup: true, ...options });
  stand.on('error', () => undefined);
  use(stand);
  await new Promise<void>((resolve) => stand.listen(0, '127.0.0.1', resolve));
  try {
    return await work((stand.server.address() as { port: number }).port);
  } finally {
    await new Promise<void>((resolve) => stand.close(resolve));
  }
}

describe('a delivery channel', () => {
  test('is its owner’s; the team’s are seen by all and made by admins', async () => {
    const own = await channel(rep);
    const shared = await channel(team.adminClient, { team: true });
    expect(await mate.get('/v1/channels')).toMatchObject({ data: [{ id: shared.id, owner: null }] });
    expect(await rep.get('/v1/channels')).toMatchObject({ data: [{ id: shared.id }, { id: own.id }] });
    expect((await mate.refusal('get', `/v1/channels/${own.id}`)).status).toBe(404);
    expect((await rep.refusal('post', '/v1/channels', { ...server(), team: true })).status).toBe(403);
    expect((await edit(rep, `/v1/channels/${shared.id}`, 1, { name: 'Mine' })).status).toBe(403);
    expect((await mate.send('post', `/v1/channels/${own.id}/test`)).status).toBe(404);
    expect((await team.adminClient.send('post', `/v1/channels/${own.id}/test`)).status).toBe(403);
  });

  test('keeps its password encrypted, and shows it to nobody', async () => {
    const made = await channel(rep, { username: 'ann', password: 'a secret of ann' });
    expect(JSON.stringify(made)).not.toContain('a secret of ann');
    expect(made).toMatchObject({ username: 'ann', has_password: true });
    const rows = await world.database.dataSource.query('SELECT * FROM delivery_channels WHERE id = $1', [made.id]);
    expect(JSON.stringify(rows)).not.toContain('a secret of ann');
  });

  test('keeps working when its password comes under a new key', async () => {
    const made = await channel(rep, { username: 'ann', password: 'secret' });
    const keys = ['new', 'test'].map((id, nth) => `${id}:${Buffer.alloc(32, nth === 0 ? 9 : 7).toString('base64')}`);
    const env = { ENCRYPTION_KEYS: keys.join(',') };
    const app = await createTestApp({ database: world.database, clock: world.clock, env });
    expect(await app.app.get(SealedColumns).rotate()).toBeGreaterThan(0);
    const [row] = await world.database.dataSource.query<{ password_sealed: string }[]>(
      'SELECT password_sealed FROM delivery_channels WHERE id = $1',
      [made.id],
    );
    expect(row?.password_sealed).toMatch(/^new\./);
    const client = new Client(app, String(team.reps[0]?.key));
    expect((await client.send('post', `/v1/channels/${made.id}/test`)).body).toMatchObject({ ok: true });
    await app.close();
  });

  test('does not send its password to another server, nor without encryption, than it was given for', async () => {
    const made = await channel(rep, { username: 'ann', password: 'secret', security: 'starttls' });
    const path = `/v1/channels/${made.id}`;
    for (const change of [{ port: 9 }, { host: 'localhost' }, { username: 'bob' }, { security: 'none' }]) {
      const refused = await edit(rep, path, 1, change);
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'password' }] } });
    }
    const changed = await edit<ChannelView>(rep, path, 1, { port: 9, password: 'another' });
    expect(changed).toMatchObject({ status: 200, body: { port: 9, has_password: true, version: 2 } });
    expect((await edit(rep, path, 1, { name: 'Stale' })).status).toBe(412);
  });

  test('has a server of this machine only, as long as this is a trial', async () => {
    const refused = await rep.refusal('post', '/v1/channels', { ...server(), host: 'smtp.example.com' });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'host' }] } });
  });

  test('that is removed forgets its password, and addresses fall back to the team’s', async () => {
    const made = await channel(rep, { username: 'ann', password: 'secret' });
    const as = await identity(rep, { channel_id: made.id });
    expect((await rep.send('delete', `/v1/channels/${made.id}`)).status).toBe(204);
    expect((await rep.refusal('get', `/v1/channels/${made.id}`)).status).toBe(404);
    expect(await rep.get(`/v1/identities/${as.id}`)).toMatchObject({ channel_id: null });
    const [row] = await world.database.dataSource.query<{ password_sealed: string | null }[]>(
      'SELECT password_sealed FROM delivery_channels WHERE id = $1',
      [made.id],
    );
    expect(row?.password_sealed).toBeNull();
  });
});

describe('the test button', () => {
  const run = async (id: string) => (await rep.send<ChannelTestResult>('post', `/v1/channels/${id}/test`)).body;

  test('sends a mail to oneself', async () => {
    const { id } = await channel(rep, { username: 'ann', password: 'right' });
    expect(await run(id)).toMatchObject({ ok: true, step: null, words: expect.stringContaining('on its way') });
    expect(await mailbox()).toHaveLength(1);
  });

  test('says that nobody answers on the port', async () => {
    const port = await withServer({}, (taken) => Promise.resolve(taken));
    const { id } = await channel(rep, { port });
    expect(await run(id)).toMatchObject({ ok: false, step: 'connection', said: null });
  });

  test('says that the password is wrong, with the server’s words', async () => {
    const onAuth = (_auth: unknown, _session: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error('5.7.8 Bad credentials'), { responseCode: 535 }));
    await withServer({ authOptional: true, allowInsecureAuth: true, onAuth }, async (port) => {
      const { id } = await channel(rep, { port, username: 'ann', password: 'wrong' });
      const result = await run(id);
      expect(result).toMatchObject({ ok: false, step: 'log_in', said: '535 5.7.8 Bad credentials' });
      expect(result.words).toContain('Authentication unsuccessful');
    });
  });

  test('ends when the server breaks off during the log-in', async () => {
    const onAuth = (_auth: unknown, session: { remotePort: number }) => {
      for (const { _socket: socket } of stand?.connections as Iterable<{ _socket: Socket }>) {
        if (socket.remotePort === session.remotePort) socket.destroy();
      }
    };
    let stand: SMTPServer | undefined;
    const use = (made: SMTPServer) => (stand = made);
    const options = { authOptional: true, allowInsecureAuth: true, disabledCommands: ['STARTTLS' as const], onAuth };
    await withServer(
      options,
      async (port) => {
        const { id } = await channel(rep, { port, username: 'ann', password: 'secret' });
        expect(await run(id)).toMatchObject({ ok: false, step: 'connection' });
      },
      use,
    );
  });

  test('says that the server does not encrypt, and sends no password then', async () => {
    let loggedIn = false;
    const onAuth = (_auth: unknown, _session: unknown, done: (error: null, answer: object) => void) => {
      loggedIn = true;
      done(null, { user: 'ann' });
    };
    const plain = { disabledCommands: ['STARTTLS' as const], allowInsecureAuth: true, onAuth };
    await withServer(plain, async (port) => {
      for (const security of ['starttls', 'tls']) {
        const { id } = await channel(rep, { port, security, username: 'ann', password: 'secret' });
        expect(await run(id)).toMatchObject({ ok: false, step: 'encryption' });
      }
    });
    expect(loggedIn).toBe(false);
  });

  test('says that the server trusts no certificate of its own making', async () => {
    await withServer({ authOptional: true }, async (port) => {
      const { id } = await channel(rep, { port, security: 'starttls' });
      expect(await run(id)).toMatchObject({
        ok: false,
        step: 'encryption',
        words: expect.stringContaining('certificate'),
      });
    });
  });

  test('says that relaying is denied, and that the sender is not allowed', async () => {
    const refuse = (code: number, words: string) => (_address: unknown, _session: unknown, done: (e: Error) => void) =>
      done(Object.assign(new Error(words), { responseCode: code }));
    const open = { authOptional: true, disabledCommands: ['STARTTLS' as const] };
    await withServer({ ...open, onRcptTo: refuse(554, '5.7.1 Relay access denied') }, async (port) => {
      const { id } = await channel(rep, { port });
      expect(await run(id)).toMatchObject({ ok: false, step: 'recipient', said: '554 5.7.1 Relay access denied' });
    });
    await withServer({ ...open, onMailFrom: refuse(553, '5.7.1 Not your address') }, async (port) => {
      const { id } = await channel(rep, { port });
      expect(await run(id)).toMatchObject({ ok: false, step: 'sender' });
    });
  });
});

describe('a sender address', () => {
  test('is confirmed with the code that was mailed to it, once', async () => {
    await channel(team.adminClient, { team: true });
    const as = await identity(rep);
    expect(as).toMatchObject({ email: 'ann@acme.example', is_default: true, verified_at: null });
    const code = await codeSentTo(rep, as);
    expect(await mailbox()).toMatchObject([{ envelopeFrom: 'ann@acme.example', recipients: ['ann@acme.example'] }]);
    const wrong = code === '000000' ? '000001' : '000000';
    expect((await rep.refusal('post', `/v1/identities/${as.id}/confirm`, { code: wrong })).status).toBe(400);
    const confirmed = await rep.send<IdentityView>('post', `/v1/identities/${as.id}/confirm`, { code });
    expect(confirmed).toMatchObject({ status: 200, body: { verified_at: world.clock.now().toISOString() } });
    expect((await rep.refusal('post', `/v1/identities/${as.id}/code`)).status).toBe(409);
  });

  test('cannot be guessed: five tries a code, an hour, and only the last code', async () => {
    await channel(team.adminClient, { team: true });
    const as = await identity(rep);
    const confirm = async (code: string) =>
      (await rep.send('post', `/v1/identities/${as.id}/confirm`, { code })).status;
    const first = await codeSentTo(rep, as);
    for (let nth = 0; nth < 5; nth++) expect(await confirm('not it')).toBe(400);
    expect(await confirm(first)).toBe(400);
    const second = await codeSentTo(rep, as);
    if (second !== first) expect(await confirm(first)).toBe(400);
    world.clock.advance(3_600_001);
    expect(await confirm(second)).toBe(400);
    expect(await confirm(await codeSentTo(rep, as))).toBe(200);
  });

  test('is nobody else’s to see, confirm or have codes sent to', async () => {
    await channel(team.adminClient, { team: true });
    const as = await identity(rep);
    for (const other of [mate, team.adminClient, (await newTeam(world)).adminClient]) {
      expect((await other.refusal('get', `/v1/identities/${as.id}`)).status).toBe(404);
      expect((await other.refusal('post', `/v1/identities/${as.id}/code`)).status).toBe(404);
      expect((await other.refusal('post', `/v1/identities/${as.id}/confirm`, { code: '123456' })).status).toBe(404);
    }
    expect(await mailbox()).toEqual([]);
  });

  test('has its code sent by the team’s channel, never by a server that the rep may run', async () => {
    const own = await channel(rep);
    const as = await identity(rep, { email: 'ceo@acme.example', channel_id: own.id });
    const refused = await rep.refusal('post', `/v1/identities/${as.id}/code`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'sender_not_ready' } });
    expect(await mailbox()).toEqual([]);
    const port = await withServer({}, (taken) => Promise.resolve(taken));
    await channel(team.adminClient, { port, team: true });
    const failed = await rep.refusal('post', `/v1/identities/${as.id}/code`);
    expect(failed).toMatchObject({ status: 502, body: { code: 'mail_server_refused' } });
    expect(await mailbox()).toEqual([]);
  });

  test('has its code sent by the installation’s own server, where there is one', async () => {
    const env = { SMTP_URL: mail.smtpUrl, MAIL_FROM: 'cc@sandbox.example' };
    const app = await createTestApp({ database: world.database, clock: world.clock, env });
    const client = new Client(app, String(team.reps[0]?.key));
    await channel(team.adminClient, { team: true });
    const as = await identity(rep);
    const code = await codeSentTo(client, as);
    expect(await mailbox()).toMatchObject([{ envelopeFrom: 'cc@sandbox.example', recipients: ['ann@acme.example'] }]);
    expect((await client.send('post', `/v1/identities/${as.id}/confirm`, { code })).status).toBe(200);
    await app.close();
  });

  test('is one of several, of which one is the default', async () => {
    const [first, second] = [await identity(rep), await identity(rep, { email: 'sales@acme.example' })];
    expect((await rep.refusal('post', '/v1/identities', { email: 'ann@acme.example', name: 'Ann' })).status).toBe(409);
    expect(second.is_default).toBe(false);
    expect((await rep.refusal('delete', `/v1/identities/${first.id}`)).status).toBe(409);
    expect((await edit(rep, `/v1/identities/${second.id}`, 1, { is_default: true })).status).toBe(200);
    expect(await rep.get('/v1/identities')).toMatchObject({ data: [{ id: second.id }, { id: first.id }] });
    expect((await rep.send('delete', `/v1/identities/${first.id}`)).status).toBe(204);
    expect((await rep.send('delete', `/v1/identities/${second.id}`)).status).toBe(204);
  });

  test('has one default, also when two are made at once', async () => {
    const made = await Promise.all(['a@acme.example', 'b@acme.example'].map((email) => identity(rep, { email })));
    expect(made.filter(({ is_default: isDefault }) => isDefault)).toHaveLength(1);
  });

  test('brings no line break into a header', async () => {
    const input = { email: 'ann@acme.example', name: 'Ann\r\nBcc: all@example.com' };
    expect((await rep.refusal('post', '/v1/identities', input)).status).toBe(400);
  });

  test('does not go out by a teammate’s channel', async () => {
    const theirs = await channel(mate);
    const refused = await rep.refusal('post', '/v1/identities', {
      ...{ email: 'ann@acme.example', name: 'Ann', channel_id: theirs.id },
    });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'channel_id' }] } });
  });
});
