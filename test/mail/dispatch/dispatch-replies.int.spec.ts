import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EmailEventPage } from '../../../src/command-center/emails/email-view.dto.js';
import { DispatchWorld } from './dispatch-world.js';
import { startStubServer, type StubServer } from './stub-server.js';

let base: DispatchWorld;
let world: DispatchWorld;

beforeAll(async () => {
  base = await DispatchWorld.create();
});
afterAll(() => base.end());

beforeEach(async () => {
  base.world.clock.set('2026-03-04T10:00:00Z');
  world = await base.another();
});
afterEach(async () => {
  await base.mail.control({});
  await base.mail.clear();
});

describe('failure case 12: what the server says', () => {
  test('5xx to the recipient is a bounce, with its words', async () => {
    const email = await world.write('nobody@example.com');
    await world.run();
    expect(await world.rep.get(email.id)).toMatchObject({
      ...{ state: 'bounced', reason: { code: 'bounced', detail: '550 5.1.1 There is no such mailbox' } },
    });
  });

  test('5xx to the message is a failure, with its words', async () => {
    const email = await world.write('policy@example.com');
    await world.run();
    expect(await world.rep.get(email.id)).toMatchObject({ state: 'failed', reason: { code: 'refused' } });
    expect((await world.rep.get(email.id)).reason?.detail).toContain('5.7.1');
  });

  test('4xx, also with EENVELOPE, is tried again later and says why it waits', async () => {
    const email = await world.write('greylist@example.com');
    await world.run();
    const waiting = await world.rep.get(email.id);
    expect(waiting).toMatchObject({
      state: 'scheduled',
      send_at: '2026-03-04T10:00:00.000Z',
      waiting: { for: 'retry' },
    });
    expect(waiting.waiting?.text).toContain('451 4.7.1');
    await world.run();
    expect((await world.rep.get(email.id)).attempts).toHaveLength(1);
    base.world.clock.advance(72_000);
    await world.run();
    expect(await world.rep.get(email.id)).toMatchObject({ state: 'delivered', waiting: null });
  });

  test('a full mailbox: put off first, then a bounce', async () => {
    const email = await world.write('full@example.com');
    await world.run();
    base.world.clock.advance(72_000);
    await world.run();
    expect(await world.rep.get(email.id)).toMatchObject({
      state: 'bounced',
      reason: { detail: '552 5.2.2 The mailbox is full' },
    });
  });

  test('the copy refused, the person not: delivered, and the history says whose copy', async () => {
    const email = await world.write('grace@example.com', { cc: ['nobody@example.com'] });
    await world.run();
    expect(await world.stateOf(email.id)).toBe('delivered');
    const { data } = await world.rep.client.get<EmailEventPage>(`/v1/emails/${email.id}/events`);
    expect(data[0]?.detail).toContain('Copies were refused: nobody@example.com: 550');
  });

  test('the person refused, the copy not: nobody gets it, and it bounced', async () => {
    const email = await world.write('nobody@example.com', { cc: ['boss@example.com'] });
    const next = await world.write('grace@example.com');
    await world.run();
    expect(await world.rep.get(email.id)).toMatchObject({ state: 'bounced' });
    expect(await world.mail.messages('boss@example.com')).toEqual([]);
    expect(await world.stateOf(next.id)).toBe('delivered');
  });

  test('a refused log-in stops the channel and fails no email; mended, they leave', async () => {
    await world.mail.control({ authRefused: true });
    const channel = `/v1/channels/${world.sender.channelId}`;
    await world.rep.client.send('patch', channel, { username: 'rep', password: 'secret' }, { 'If-Match': '*' });
    const email = await world.write('grace@example.com');
    await world.run();
    expect(await world.rep.client.get(channel)).toMatchObject({
      state: 'stopped',
      trouble: expect.stringContaining('Authentication unsuccessful'),
    });
    expect(await world.rep.get(email.id)).toMatchObject({
      state: 'scheduled',
      attempts: [],
      waiting: { for: 'channel_stopped', until: null },
    });
    base.world.clock.advance(3_600_000);
    await world.mail.control({});
    await world.run();
    expect(await world.stateOf(email.id)).toBe('scheduled');
    await world.rep.client.send('post', `${channel}/resume`);
    await world.run();
    expect(await world.stateOf(email.id)).toBe('delivered');
  });

  test('a server that is away is left alone for longer each time, and no email fails', async () => {
    await world.channel('port = 9');
    const email = await world.write('grace@example.com');
    await world.run();
    const { not_before: first, waiting_for } = await world.pace();
    expect(waiting_for).toBe('server');
    expect(await world.rep.get(email.id)).toMatchObject({
      state: 'scheduled',
      waiting: { for: 'server', until: first!.toISOString() },
    });
    await world.channel(`port = ${world.mail.smtpPort}`);
    base.world.clock.set(first!);
    await world.run();
    expect(await world.stateOf(email.id)).toBe('delivered');
    expect(await world.pace()).toMatchObject({ not_before: null, waiting_for: null, trouble: null });
  });
});

describe('What the server has against the sender, not the recipient', () => {
  let stub: StubServer;

  beforeEach(async () => {
    stub = await startStubServer();
    await world.channel(`port = ${stub.port}, connections = 1`);
  });
  afterEach(() => stub.close());

  const says = (command: string, said: string) => (stub.reply = (heard) => (heard === command ? said : undefined));
  const states = async (emails: readonly { id: string }[]) => Promise.all(emails.map(({ id }) => world.stateOf(id)));
  const write = async (from: number, to: number) => {
    const emails = [];
    for (let nth = from; nth <= to; nth++) emails.push(await world.write(`p${nth}@example.com`));
    return emails;
  };

  test('relay denied at RCPT is a failure with words about us, and no bounce', async () => {
    says('RCPT', '554 5.7.1 <p1@example.com>: Relay access denied');
    const [email] = await write(1, 1);
    await world.run();
    expect(await world.rep.get(email!.id)).toMatchObject({
      state: 'failed',
      reason: { code: 'sender_refused', detail: '554 5.7.1 <p1@example.com>: Relay access denied' },
    });
  });

  test('three in a row stop the channel, and the rest wait until it is resumed', async () => {
    says('MAIL', '550 5.7.1 not as you');
    const emails = await write(1, 6);
    await world.run();
    expect(await states(emails)).toEqual([...Array(3).fill('failed'), ...Array(3).fill('scheduled')]);
    const channel = `/v1/channels/${world.sender.channelId}`;
    expect(await world.rep.client.get(channel)).toMatchObject({
      state: 'stopped',
      trouble: expect.stringMatching(/^The server passes on nothing from .*550 5\.7\.1 not as you$/),
    });
    expect(await world.rep.get(emails[5]!.id)).toMatchObject({ attempts: [], waiting: { for: 'channel_stopped' } });
    stub.reply = () => undefined;
    await world.rep.client.send('post', `${channel}/resume`);
    await world.run();
    expect(await states(emails.slice(3))).toEqual(Array(3).fill('delivered'));
  });

  test('many connections at once fail no more than three', async () => {
    await world.channel('connections = 5');
    says('MAIL', '550 5.7.1 not as you');
    const emails = await write(1, 8);
    await world.run();
    expect((await states(emails)).filter((state) => state === 'failed')).toHaveLength(3);
  });

  test('they count from one go to the next', async () => {
    says('MAIL', '550 5.7.1 not as you');
    const emails = [];
    for (let nth = 1; nth <= 3; nth++) {
      emails.push(...(await write(nth, nth)));
      expect((await world.pace()).stopped_at).toBeNull();
      await world.run();
    }
    expect(await states(emails)).toEqual(Array(3).fill('failed'));
    expect((await world.pace()).stopped_at).not.toBeNull();
  });

  test('one that was taken before them, from the same claim, does not count', async () => {
    let heard = 0;
    stub.reply = (command) => {
      if (command !== 'MAIL') return undefined;
      base.world.clock.advance(1_000);
      return (heard += 1) === 1 ? undefined : '550 5.7.1 not as you';
    };
    const emails = await write(1, 3);
    await world.run();
    expect(await states(emails)).toEqual(['delivered', 'failed', 'failed']);
    expect((await world.pace()).stopped_at).toBeNull();
    emails.push(...(await write(4, 4)));
    await world.run();
    expect((await world.pace()).stopped_at).not.toBeNull();
  });

  test('one that is taken in between begins the count anew', async () => {
    let heard = 0;
    stub.reply = (command) => (command === 'MAIL' && (heard += 1) % 3 !== 0 ? '550 5.7.1 not now' : undefined);
    const emails = await write(1, 6);
    await world.run();
    expect(await states(emails)).toEqual(['failed', 'failed', 'delivered', 'failed', 'failed', 'delivered']);
    expect((await world.pace()).stopped_at).toBeNull();
  });
});

test('a channel that is changed while it sends goes on by its new server, with the rest', async () => {
  const [before, after] = [await startStubServer(), await startStubServer()];
  await world.channel(`port = ${before.port}, connections = 1`);
  const emails = [await world.write('p1@example.com'), await world.write('p2@example.com')];
  const change = async () => {
    const channel = `/v1/channels/${world.sender.channelId}`;
    await world.rep.client.send('patch', channel, { port: after.port }, { 'If-Match': '*' });
    before.say('250 fine');
  };
  let changed: Promise<void> | undefined;
  before.reply = (command) => {
    if (command !== '.') return undefined;
    changed ??= change();
    return 'say nothing';
  };
  await world.run();
  await changed;
  expect(after.messages).toEqual([]);
  await world.run();
  expect([before.messages.length, after.messages.length]).toEqual([1, 1]);
  for (const { id } of emails) {
    expect(await world.rep.get(id)).toMatchObject({ state: 'delivered', attempts: [expect.anything()] });
  }
  await Promise.all([before.close(), after.close()]);
});
