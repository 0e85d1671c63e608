import { afterEach, describe, expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { SMTPServer } from 'smtp-server';
import {
  openSending,
  type Outgoing,
  SENDING_LIMITS,
  type SendingLimits,
  type SmtpSending,
} from '../../../src/mail/dispatch/smtp-sending.js';
import { whileHeld } from '../../../src/mail/dispatch/while-held.js';
import { type Reply, startStubServer, type StubServer } from './stub-server.js';

const HERE = { reach: 'loopback' as const, internal: [] };
const SHORT = { ...SENDING_LIMITS, timeoutMs: 300, socketMs: 300, stepMs: 400, messageMs: 600 };
const TO = 'grace@navy.example';
const CC = 'bob@acme.example';

let stub: StubServer;
let sending: SmtpSending | undefined;

afterEach(async () => {
  sending?.close();
  sending = undefined;
  await stub.close();
});

async function opened(
  reply: Reply = () => undefined,
  options: { pipelining?: boolean; limits?: SendingLimits } = {},
): Promise<SmtpSending> {
  stub = await startStubServer(options);
  stub.reply = reply;
  sending = await openSending(server(stub.port), HERE, options.limits ?? SENDING_LIMITS);
  return sending;
}

function server(port: number, logIn: { user: string; pass: string } | null = null) {
  return { host: '127.0.0.1', port, security: 'none' as const, logIn };
}

interface Seen extends Outgoing {
  calls: string[][];
}

/** Notes what the server had heard when the message was asked for. */
function mail(to = [TO], message = 'Subject: Hi\r\n\r\nHello\r\n'): Seen {
  const calls: string[][] = [];
  const onData = () => {
    calls.push([...stub.lines]);
    return Promise.resolve();
  };
  return { envelope: { from: 'ann@acme.example', to }, message, onData, calls };
}

const only =
  (command: string, said: string): Reply =>
  (heard) =>
    heard === command ? said : undefined;
const toRecipient =
  (address: string, said: string): Reply =>
  (_command, line) =>
    line.includes(`RCPT TO:<${address}>`) ? said : undefined;

describe.each([{ pipelining: false }, { pipelining: true }])('A message over one connection %j', (options) => {
  test('is delivered, and told of before its first byte and after the server asked for it', async () => {
    const line = await opened(undefined, options);
    for (const one of [mail(), mail(), mail()]) {
      expect(await line.send(one)).toEqual({ kind: 'delivered', response: '250 fine', refusedRecipients: [] });
      expect(one.calls).toHaveLength(1);
      expect(one.calls[0]?.at(-1)).toBe('DATA');
    }
    expect(stub.messages).toHaveLength(3);
    expect(stub.lines.filter((one) => one.startsWith('EHLO'))).toHaveLength(1);
  });

  test.each([
    ['MAIL', '550 5.7.1 not you', { kind: 'failed', reason: 'server_refused', channelTrouble: 'sender' }],
    ['MAIL', '530 5.7.0 log in first', { kind: 'failed', channelTrouble: 'auth' }],
    ['MAIL', '535 5.7.8 no', { kind: 'failed', channelTrouble: 'auth' }],
    ['MAIL', '552 too large', { kind: 'failed', channelTrouble: null }],
    ['MAIL', '451 busy', { kind: 'later', channelTrouble: null }],
    ['MAIL', '503 order', { kind: 'later', channelTrouble: 'server' }],
    ['MAIL', '421 closing', { kind: 'later' }],
    ['RCPT', '550 5.1.1 nobody', { kind: 'bounced', response: '550 5.1.1 nobody' }],
    ['RCPT', '450 4.7.1 greylisted', { kind: 'later', response: '450 4.7.1 greylisted' }],
    ['RCPT', '503 order', { kind: 'later' }],
    ['RCPT', '530 log in first', { kind: 'failed', channelTrouble: 'auth' }],
    ['DATA', '554 no', { kind: 'failed', reason: 'server_refused', channelTrouble: null }],
    ['DATA', '451 busy', { kind: 'later' }],
    ['DATA', '421 closing', { kind: 'later' }],
  ])('refused at %s with %s never begins', async (command, said, outcome) => {
    const line = await opened(only(command, said), options);
    const one = mail();
    expect(await line.send(one)).toMatchObject({ ...outcome, response: said });
    expect(one.calls).toEqual([]);
    expect(stub.messages.filter((message) => message !== '')).toEqual([]);
    if (!line.usable) return;
    stub.reply = () => undefined;
    expect(await line.send(mail())).toMatchObject({ kind: 'delivered' });
  });

  test.each([
    ['554 5.7.1 spam', { kind: 'failed', reason: 'server_refused', channelTrouble: null }],
    ['451 4.3.0 later', { kind: 'later' }],
    ['421 closing', { kind: 'later' }],
    ['503 order', { kind: 'later' }],
    ['hang up', { kind: 'doubt' }],
  ])('answered %s after its end', async (said, outcome) => {
    const line = await opened(only('.', said), options);
    const one = mail();
    expect(await line.send(one)).toMatchObject(outcome);
    expect(one.calls).toHaveLength(1);
    stub.reply = () => undefined;
    if (line.usable) expect(await line.send(mail())).toMatchObject({ kind: 'delivered' });
    expect(line.usable).toBe(!['421 closing', 'hang up'].includes(said));
  });

  test.each(['MAIL', 'RCPT', 'DATA'])('is for later when the connection breaks at %s', async (command) => {
    const line = await opened(only(command, 'hang up'), options);
    const one = mail();
    expect(await line.send(one)).toMatchObject({ kind: 'later' });
    expect(one.calls).toEqual([]);
    expect(line.usable).toBe(false);
    expect(await line.send(mail())).toMatchObject({ kind: 'later' });
  });

  test('names copies that were refused', async () => {
    const line = await opened(toRecipient(CC, '550 who'), options);
    const refusedRecipients = [{ address: CC, response: '550 who' }];
    expect(await line.send(mail([TO, CC]))).toMatchObject({ kind: 'delivered', refusedRecipients });
  });

  test.each([
    ['550 5.1.1 nobody', 'bounced'],
    ['450 greylisted', 'later'],
  ])('goes to nobody when the person is refused (%s), though a copy would be taken', async (said, kind) => {
    const line = await opened(toRecipient(TO, said), options);
    const one = mail([TO, CC]);
    expect(await line.send(one)).toMatchObject({ kind, response: said });
    expect(one.calls).toEqual([]);
    expect(stub.messages).toEqual([]);
  });

  test('is judged by the person’s own reply when all are refused', async () => {
    const line = await opened(
      (command, text) => toRecipient(TO, '550 nobody')(command, text) ?? toRecipient(CC, '450 busy')(command, text),
      options,
    );
    expect(await line.send(mail([TO, CC]))).toMatchObject({ kind: 'bounced', response: '550 nobody' });
    expect(line.usable).toBe(true);
  });

  test('is refused also by a server that asks for it all the same', async () => {
    const line = await opened(
      (command) => (command === 'MAIL' ? '550 not you' : command === 'DATA' ? '354 go on' : undefined),
      options,
    );
    expect(await line.send(mail())).toMatchObject({ kind: 'failed', response: '550 not you' });
    expect(stub.messages).toEqual([]);
  });

  test('does not go out when its beginning cannot be noted', async () => {
    const line = await opened(undefined, options);
    const failing = { ...mail(), onData: () => Promise.reject(new Error('the database is away')) };
    await expect(line.send(failing)).rejects.toThrow('the database is away');
    expect(line.usable).toBe(false);
    expect(stub.messages).toEqual([]);
    expect(stub.lines.at(-1)).toBe('DATA');
  });
});

/** 26 MB, and what happens before the chunk of that number. */
function large(at: number, happens: () => Promise<void>) {
  const given = { chunks: 0 };
  async function* bytes() {
    for (; given.chunks < 400; given.chunks++) {
      if (given.chunks === at) await happens();
      yield Buffer.alloc(65_536, 'abc\r\n');
    }
  }
  return { given, message: () => Readable.from(bytes(), { highWaterMark: 1 }) };
}

describe('A large message', () => {
  test('that breaks in the middle is no doubt, nor the trouble of all others', async () => {
    const line = await opened();
    const { given, message } = large(200, () => stub.close());
    const outcome = await line.send({ ...mail(), message });
    expect(outcome).toMatchObject({ kind: 'later', channelTrouble: null });
    expect(given.chunks).toBeLessThan(400);
    expect(stub.messages).toEqual([]);
    expect(line.usable).toBe(false);
  });

  test.each(['signal', 'lost'] as const)('stops in the middle by “%s”: the server has nothing', async (ends) => {
    const line = await opened();
    const [signal, lost] = [new AbortController(), new AbortController()];
    let told = 0;
    const lease = { signal: signal.signal, lost: lost.signal, stillWorking: () => void told++ };
    const { given, message } = large(200, () => {
      ({ signal, lost })[ends].abort();
      return Promise.resolve();
    });
    const outcome = await line.send({ ...mail(), message: () => Readable.from(whileHeld(lease, message())) });
    expect(outcome).toMatchObject({ kind: 'later', response: expect.stringContaining('was stopped') });
    expect(told).toBeGreaterThan(100);
    expect(given.chunks).toBeLessThan(400);
    expect(stub.messages).toEqual([]);
  });
});

describe('A slow server', () => {
  test.each([
    ['MAIL', 'later'],
    ['DATA', 'later'],
    ['.', 'doubt'],
  ])('that says nothing to %s', async (command, kind) => {
    const line = await opened(only(command, 'say nothing'), { limits: SHORT });
    expect(await line.send(mail())).toMatchObject({ kind });
    expect(line.usable).toBe(false);
  });

  test('that keeps the line alive without an answer is not waited for', async () => {
    const limits = { ...SHORT, socketMs: 60_000 };
    const line = await opened(only('.', 'say nothing'), { limits });
    expect(await line.send(mail())).toMatchObject({ kind: 'doubt' });
    expect(line.usable).toBe(false);
  });

  test('gets a long message whole, its dots kept', async () => {
    const line = await opened();
    const text = `.\r\n..\r\n${`${'x'.repeat(70)}\r\n`.repeat(20_000)}`;
    expect(await line.send(mail([TO], text))).toMatchObject({ kind: 'delivered' });
    expect(stub.messages[0]?.replaceAll('\n', '\r\n')).toBe(`..\r\n...\r\n${text.slice(7)}`.trimEnd());
  });
});

describe('A connection', () => {
  const refusal = async (reply: Reply, logIn: { user: string; pass: string } | null = null) => {
    stub = await startStubServer();
    stub.reply = reply;
    return openSending(server(stub.port, logIn), HERE, SHORT).catch((error: unknown) => error);
  };
  const ANN = { user: 'ann', pass: 'wrong' };

  test.each([
    ['AUTH', '535 5.7.8 no', 'auth'],
    ['AUTH', '454 4.7.0 busy', 'unreachable'],
    ['AUTH', 'hang up', 'unreachable'],
    ['AUTH', 'say nothing', 'unreachable'],
    ['GREETING', '554 no', 'unreachable'],
    ['GREETING', 'say nothing', 'unreachable'],
    ['EHLO', 'hang up', 'unreachable'],
  ])('that answers %s with %s', async (command, said, kind) => {
    expect(await refusal(only(command, said), ANN)).toMatchObject({ kind, words: expect.stringMatching(/\.$/) });
  });

  test('to nobody', async () => {
    stub = await startStubServer();
    await stub.close();
    await expect(openSending(server(stub.port), HERE, SHORT)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('to a forbidden network', async () => {
    stub = await startStubServer();
    const policy = { reach: 'internet' as const, internal: [] };
    await expect(openSending(server(stub.port), policy, SHORT)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(stub.lines).toEqual([]);
  });

  test('to a server with another’s certificate', async () => {
    stub = await startStubServer();
    const secure = new SMTPServer({ secure: true, logger: false }).on('error', () => undefined);
    const port = await new Promise<number>((resolve) => {
      const listening = secure.listen(0, '127.0.0.1', () => resolve((listening.address() as { port: number }).port));
    });
    const attempt = openSending({ ...server(port), host: 'localhost', security: 'tls' }, HERE, SHORT);
    await expect(attempt).rejects.toMatchObject({ kind: 'unreachable', words: expect.stringContaining('certificate') });
    await new Promise<void>((resolve) => secure.close(() => resolve()));
  });

  test('that the server ends while idle is not usable', async () => {
    const line = await opened(only('RSET', 'hang up'));
    stub.reply = (command) => (command === 'MAIL' ? '451 busy' : 'hang up');
    expect(await line.send(mail())).toMatchObject({ kind: 'later', response: '451 busy' });
    expect(line.usable).toBe(false);
  });
});
