import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import { TestMailWorld } from '../../support/mail-world.js';
import { outcomeOf } from './mail-client.js';

let world: TestMailWorld;

beforeAll(async () => {
  world = await TestMailWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.clear());

const page = async (query: string) => (await fetch(`${world.url}/?${query}`)).text();

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('much mail', () => {
  it('is taken over 20 connections: every message once, each in its mailbox', async () => {
    const transport = createTransport({
      ...{ host: '127.0.0.1', port: world.smtpPort, pool: true, maxConnections: 20, maxMessages: Infinity },
    });
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    await Promise.all(
      numbers.map((n) =>
        transport.sendMail({
          ...{ from: 'ann@acme.example', to: `p${n}@customer.example`, subject: `Email ${n}`, text: `Number ${n}` },
        }),
      ),
    );
    transport.close();
    const none = { count: 0, tooMany: 0, worst: [] };
    expect(await world.copies()).toEqual({
      ...{ messages: 1_000, deliveries: 1_000, mailboxes: 1_000, byMessageId: none, bySubject: none },
    });
    expect(await world.messages('p617@customer.example')).toMatchObject([
      { subject: 'Email 617', text: 'Number 617\n' },
    ]);
    // Several went in one statement: fewer transactions wrote them than there are.
    const [written] = await query<{ transactions: number }>(
      'SELECT count(DISTINCT xmin::text)::int AS transactions FROM mail_message',
    );
    expect(written?.transactions).toBeLessThan(1_000);
  });

  it('tells who has an email twice, by attempt and by subject', async () => {
    const send = (to: string, subject: string, messageId: string) =>
      outcomeOf(world.smtpUrl, { to, subject, messageId });
    await send('ann@x.example', 'One', '<1@a>');
    await send('ann@x.example', 'One', '<1@a>');
    await send('bob@x.example', 'Two', '<2@a>');
    await send('bob@x.example', 'Two', '<3@a>');
    await send('bob@x.example', 'Two', '<3@a>');
    await send('cleo@x.example, dora@x.example', 'Two', '<2@a>');
    expect(await world.copies()).toEqual({
      ...{ messages: 6, deliveries: 7, mailboxes: 4 },
      byMessageId: {
        ...{ count: 2, tooMany: 2 },
        worst: [
          { recipient: 'ann@x.example', email: '<1@a>', copies: 2 },
          { recipient: 'bob@x.example', email: '<3@a>', copies: 2 },
        ],
      },
      bySubject: {
        ...{ count: 2, tooMany: 3 },
        worst: [
          { recipient: 'bob@x.example', email: 'Two', copies: 3 },
          { recipient: 'ann@x.example', email: 'One', copies: 2 },
        ],
      },
    });
  });

  it('is counted and found without reading the messages', async () => {
    await query(`
      INSERT INTO mail_message (received_at, envelope_from, recipients, from_text, subject, message_id, raw)
        SELECT now(), 'ann@acme.example', ARRAY['p' || n || '@x.example'], 'Ann', 'Email ' || n, '<' || n || '@a>', 'Hi'
        FROM generate_series(1, 20000) n;
      INSERT INTO mail_delivery (message, recipient, message_id, subject)
        SELECT id, recipients[1], message_id, subject FROM mail_message`);
    expect(await world.copies()).toMatchObject({ messages: 20_000, mailboxes: 20_000, bySubject: { count: 0 } });
    const first = await page('');
    expect(first).toContain('Email 20000<');
    const [, older = ''] = /href="\/\?(to=[^"]*before=\d+)"/.exec(first) ?? [];
    expect(await page(older.replace('&amp;', '&'))).toContain('Email 19950<');
    // One part of an address among many, and one that nobody has.
    expect(await page('to=p17@')).toContain('Email 17<');
    expect(await page('to=p20001@')).toContain('Nothing was sent there.');
  });

  it('of an earlier version is still there, in its mailboxes', async () => {
    await outcomeOf(world.smtpUrl, { to: 'ann@x.example, bob@x.example', subject: 'Old' });
    await outcomeOf(world.smtpUrl, { to: 'bob@x.example', subject: 'Old too' });
    await query('DROP TABLE mail_delivery; ALTER TABLE mail_message DROP COLUMN message_id');
    await world.restart();
    expect((await world.messages('bob@x.example')).map(({ subject }) => subject)).toEqual(['Old too', 'Old']);
    // A message whose Message-ID nobody noted is no copy of another.
    expect(await world.copies()).toMatchObject({ messages: 2, deliveries: 3, byMessageId: { count: 0 } });
  });

  it('keeps a message whose headers are odd, and gives it back as it came', async () => {
    const raw = ['Subject: \0 odd', `X-Long: ${'x'.repeat(900)}`, '', 'Body\0'].join('\r\n');
    expect(await outcomeOf(world.smtpUrl, { envelope: { from: '', to: 'ann@x.example' }, raw })).toBe('taken');
    expect(await outcomeOf(world.smtpUrl, { envelope: { from: '', to: 'ann@x.example' }, raw: 'no header' })).toBe(
      'taken',
    );
    const [, odd] = await world.messages('ann@x.example');
    expect(odd).toMatchObject({ envelopeFrom: '', messageId: '' });
    expect(await (await fetch(`${world.url}/messages/${odd?.id}/raw`)).text()).toContain(raw);
  });
});
