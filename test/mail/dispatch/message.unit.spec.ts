import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { wireAddress } from '../../../src/mail/dispatch/mail-address.js';
import { composeMessage, type Letter, returnPathOf } from '../../../src/mail/dispatch/message.js';

const ATTEMPT = '0198a7c2-6f00-7abc-8def-0123456789ab';
const LETTER: Letter = {
  from: { name: 'Ann Lee', address: 'ann@acme.example' },
  to: { name: 'Grace Hopper', address: 'grace@navy.example' },
  cc: [],
  bcc: [],
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
  messageId: '<0198a7c26f007abc8def0123456789ab@acme.example>',
  references: [],
  date: new Date('2026-03-04T10:00:00Z'),
  listUnsubscribeUrl: null,
  returnPath: 'ann@acme.example',
};

const HOSTILE = [
  'Ann\r\nBcc: all@evil.example',
  'Ann\nX-Evil: 1',
  'Ann\rX-Evil: 1',
  'Ann\0',
  'Lee, Ann',
  '"Ann" <x@evil.example>',
  'a\\"b',
  '=?utf-8?Q?=0D=0AX-Evil:_1?=',
  'Грейс Хоппер',
  'גרייס הופר',
  '👩‍🚀 Grace 🚀',
  '李'.repeat(300),
  'x'.repeat(2000),
  '\ud800 half',
  '\u2028Bcc: x@evil.example',
];
const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 200 }), fc.string());

async function composed(fields: Partial<Letter> = {}): Promise<{ raw: string; mail: ParsedMail; to: string[] }> {
  const made = await composeMessage({ ...LETTER, ...fields });
  if (!made.ok) throw new Error(made.words);
  return { raw: made.raw.toString('latin1'), mail: await simpleParser(made.raw), to: made.envelope.to };
}

/** What names and subjects become: one line of characters. */
function flat(value: string): string {
  return value.replace(/[\p{Cc}\p{Surrogate}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function headerNames(mail: ParsedMail): string[] {
  return mail.headerLines.map(({ key }) => key).sort();
}

const NAMES = ['content-type', 'date', 'from', 'message-id', 'mime-version', 'references', 'subject', 'to'];

describe('A message', () => {
  test('is 7-bit clean with short lines and no foreign header, whatever its names, subject and texts are', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (name, subject, html, plain) => {
        const { raw, mail } = await composed({
          ...{ from: { ...LETTER.from, name }, to: { ...LETTER.to, name }, subject, html, text: plain },
        });
        expect(raw).not.toMatch(/[^\t\r\n\x20-\x7e]|\r(?!\n)|(?<!\r)\n/);
        expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
        expect(headerNames(mail).filter((key) => ![...NAMES, 'content-transfer-encoding'].includes(key))).toEqual([]);
        expect(headerNames(mail)).toHaveLength(new Set(headerNames(mail)).size);
        expect((mail.to as AddressObject).value.map(({ address }) => address)).toEqual([LETTER.to.address]);
        expect(mail.from?.value.map(({ address }) => address)).toEqual([LETTER.from.address]);
      }),
      { numRuns: 200 },
    );
  });

  test.each(HOSTILE.slice(8, 12))('keeps a name and a subject of any language: %s', async (words) => {
    const { mail } = await composed({ to: { ...LETTER.to, name: words }, subject: words });
    expect((mail.to as AddressObject).value[0]?.name).toBe(words);
    expect(mail.subject).toBe(words);
  });

  test.each(['Lee, Ann', '"Ann" <x@evil.example>', 'a\\"b', 'Ann (Sales)', 'O’Neil; Ann: x'])(
    'quotes %s',
    async (name) => {
      const { mail } = await composed({ from: { ...LETTER.from, name } });
      expect(mail.from?.value).toEqual([{ name, address: LETTER.from.address }]);
    },
  );

  test('puts line breaks in names on one line', async () => {
    const { mail } = await composed({ from: { ...LETTER.from, name: HOSTILE[0] ?? '' }, subject: HOSTILE[1] ?? '' });
    expect(mail.from?.value[0]?.name).toBe(flat(HOSTILE[0] ?? ''));
    expect(mail.subject).toBe('Ann X-Evil: 1');
  });

  test('brings its texts as they were written', async () => {
    const written = `שלום — Привет 👋\n.\n..dots\n${'long '.repeat(400)}\nFrom here\n${'x'.repeat(3000)}\nend = 1 `;
    const { mail } = await composed({ text: written, html: `<p>${written}</p>` });
    expect(mail.text?.trimEnd()).toBe(written.trimEnd());
    expect(mail.html).toBe(`<p>${written}</p>`);
  });

  test('tells the server alone of hidden copies, the person first, nobody twice', async () => {
    const { raw, mail, to } = await composed({
      cc: [{ name: 'Bob', address: 'bob@acme.example' }],
      bcc: [
        { name: 'Crm', address: 'crm@acme.example' },
        { name: '', address: LETTER.to.address },
      ],
    });
    expect(to).toEqual(['grace@navy.example', 'bob@acme.example', 'crm@acme.example']);
    expect((mail.cc as AddressObject).value).toEqual([{ name: 'Bob', address: 'bob@acme.example' }]);
    expect(raw).not.toContain('crm@');
  });

  test('carries its own date and id, and the id in References, where servers leave it', async () => {
    const { mail, raw } = await composed();
    expect(mail.messageId).toBe('<0198a7c26f007abc8def0123456789ab@acme.example>');
    expect(mail.date).toEqual(LETTER.date);
    expect(mail.references).toEqual([mail.messageId].flat().join());
    expect(mail.inReplyTo).toBeUndefined();
    expect(raw).not.toMatch(/precedence|x-mailer/i);
  });

  test('goes on with a conversation, and drops what is no id', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `<${index}@x.example>`);
    const { mail } = await composed({ references: ['<a b@x>', 'no id', '<é@x>', '<x@y>\r\nBcc: <z@evil>', ...many] });
    expect(mail.inReplyTo).toBe('<39@x.example>');
    expect(mail.references).toEqual(['<0@x.example>', ...many.slice(-19), mail.messageId]);
    expect(headerNames(mail)).toEqual([...NAMES, 'in-reply-to'].sort());
  });

  test('lets receivers unsubscribe in one click', async () => {
    const url = `https://cc.example/u/${'a'.repeat(120)}`;
    const { raw } = await composed({ listUnsubscribeUrl: url });
    expect(raw).toContain(`List-Unsubscribe: <${url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`);
  });

  test('returns to an address of its attempt', async () => {
    const made = await composeMessage({ ...LETTER, returnPath: returnPathOf(ATTEMPT, 'bounces.acme.example') });
    expect(made).toMatchObject({
      envelope: { from: 'bounce+0198a7c26f007abc8def0123456789ab@bounces.acme.example' },
    });
  });

  test('reads no file and fetches nothing', async () => {
    const { mail } = await composed({ html: '<img src="file:///etc/passwd">', text: 'path:/etc/passwd' });
    expect(mail.attachments).toEqual([]);
    expect(mail.text).toContain('path:/etc/passwd');
  });
});

describe('An address', () => {
  test('has its domain in ASCII', async () => {
    const { to, raw } = await composed({ to: { name: '', address: 'grace@Bücher.example' } });
    expect(to).toEqual(['grace@xn--bcher-kva.example']);
    expect(raw).toContain('To: grace@xn--bcher-kva.example\r\n');
  });

  test.each([
    ...['', 'grace', '@x.example', 'grace@', 'grâce@x.example', '王@x.example', 'a b@x.example', '"a"@x.example'],
    ...['a@x.example\r\nRCPT TO:<b@y>', 'a@x.example\0', 'a@x.example,b@y.example', 'a@b@c.example', 'a@[127.0.0.1]'],
    ...['<a@x.example>', 'a@x.example>', 'a@x..example', 'a@-x.example', 'a@127.0.0.1', 'a@0x7f.1', 'a@x_y.example'],
    `${'a'.repeat(65)}@x.example`,
  ])('is refused, wherever it stands: %j', async (address) => {
    const bad = { name: 'Bad', address };
    for (const fields of [{ to: bad }, { from: bad }, { cc: [bad] }, { bcc: [bad] }, { returnPath: address }]) {
      expect(await composeMessage({ ...LETTER, ...fields })).toMatchObject({ ok: false, reason: 'bad_address' });
    }
  });

  test('never has what could end it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (local, domain) => {
        const wire = wireAddress(`${local}@${domain}`);
        return wire === undefined || /^[^\s<>,;:"()[\]\\@]+@[a-z0-9.-]+$/.test(wire);
      }),
    );
  });
});
