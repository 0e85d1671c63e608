import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { TestMailWorld } from '../../support/mail-world.js';

let world: TestMailWorld;

beforeAll(async () => {
  world = await TestMailWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.clear());

const send = (mail: object) => {
  const transport = createTransport(world.smtpUrl);
  return transport.sendMail({
    from: 'Ann <ann@acme.example>',
    to: 'Bob <Bob@Customer.example>',
    subject: 'Hello',
    text: 'Hi',
    ...mail,
  });
};
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${world.url}${path}`, { headers });

describe('the mail world', () => {
  it('takes a message in any language and shows it by mailbox', async () => {
    await send({
      subject: 'Grüße 你好',
      text: 'Schöne Grüße',
      html: '<b>Schöne Grüße</b>',
      cc: 'cleo@customer.example',
    });
    await send({ to: 'dora@customer.example', subject: 'Other' });
    const [message] = await world.messages('Bob@customer.example');
    expect(message).toMatchObject({
      ...{ subject: 'Grüße 你好', envelopeFrom: 'ann@acme.example', html: '<b>Schöne Grüße</b>' },
      recipients: ['bob@customer.example', 'cleo@customer.example'],
    });
    expect((await world.messages()).map(({ subject }) => subject)).toEqual(['Other', 'Grüße 你好']);
    const page = await (await get('/?to=cleo')).text();
    expect(page).toContain('Grüße 你好');
    expect(page).not.toContain('Other');
    expect(await (await get(`/messages/${message?.id}`)).text()).toContain('Schöne Grüße');
    expect(await (await get(`/messages/${message?.id}/raw`)).text()).toContain('MIME-Version: 1.0');
  });

  it('links each recipient to their mailbox, whatever the address', async () => {
    await send({ to: 'bob+7@customer.example', subject: 'For seven' });
    const [, link = ''] = /href="(\/\?to=[^"]*)">bob\+7@/.exec(await (await get('/')).text()) ?? [];
    expect(await (await get(link)).text()).toContain('For seven');
  });

  it('keeps its mail when it is started again', async () => {
    await send({ subject: 'Kept' });
    await world.restart();
    expect((await world.messages()).map(({ subject }) => subject)).toEqual(['Kept']);
  });

  it('pages, newest first', async () => {
    for (let n = 1; n <= 52; n++) await send({ subject: `Number ${n}` });
    const first = await (await get('/')).text();
    expect(first).toContain('Number 52');
    expect(first).not.toContain('>Number 2<');
    const [, next = ''] = /href="(\/\?to=[^"]*before=\d+)"/.exec(first) ?? [];
    const second = await (await get(next.replace('&amp;', '&'))).text();
    expect(second).toContain('>Number 2<');
    expect(second).not.toContain('Number 52');
  });

  it('runs nothing of what a message says, and fetches nothing', async () => {
    const evil = '<script>alert(1)</script><img src="http://127.0.0.1:1/x" onerror="alert(2)"><form action="http://x">';
    await send({
      subject: '<script>alert(3)</script>',
      from: '"<img src=x>" <ann@acme.example>',
      text: '<script>',
      html: evil,
    });
    const [message] = await world.messages();
    for (const path of ['/', `/messages/${message?.id}`]) {
      const answer = await get(path);
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
      const body = await answer.text();
      expect(body).not.toMatch(/<script|<img/);
    }
    const frame = await get(`/messages/${message?.id}/html`);
    expect(frame.headers.get('content-security-policy')).toMatch(
      /^sandbox (?!.*allow-scripts).*default-src 'none'.*img-src data:/,
    );
    expect((await get(`/messages/${message?.id}/raw`)).headers.get('content-type')).toContain('text/plain');
  });

  it('makes links of addresses in plain text, and nothing else', async () => {
    await send({ text: 'Open http://127.0.0.1:3000/x#y?a=1&b="2 or javascript:alert(1)' });
    const [message] = await world.messages();
    const page = await (await get(`/messages/${message?.id}`)).text();
    expect(page).toContain('<a href="http://127.0.0.1:3000/x#y?a=1&amp;b=" target="_blank" rel="noopener noreferrer">');
    expect(page).not.toContain('href="javascript');
  });

  it('lists attachments', async () => {
    await send({ attachments: [{ filename: 'offer.pdf', content: Buffer.alloc(1000) }] });
    expect((await world.messages())[0]?.attachments).toMatchObject([{ name: 'offer.pdf', bytes: 1000 }]);
  });

  it('refuses what is too large, with a sentence of SMTP', async () => {
    const attachments = [{ filename: 'huge', content: Buffer.alloc(30 * 1024 * 1024) }];
    await expect(send({ attachments })).rejects.toMatchObject({ responseCode: 552 });
    expect(await world.messages()).toEqual([]);
  });

  it('lives on when a client breaks off', async () => {
    const socket = connect(world.smtpPort, '127.0.0.1');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: cut');
    socket.destroy();
    await send({ subject: 'After' });
    expect((await world.messages()).map(({ subject }) => subject)).toEqual(['After']);
  });

  it('answers no site that has itself called by this address, and lets none forget the mail', async () => {
    await send({});
    const { request } = await import('node:http');
    const ask = (headers: Record<string, string>, method = 'GET', path = '/mailbox/messages') =>
      new Promise<number>((resolve, reject) => {
        const options = { port: world.webPort, host: '127.0.0.1', path, method, headers };
        request(options, (answer) => resolve(answer.resume().statusCode ?? 0))
          .once('error', reject)
          .end();
      });
    expect(await ask({ host: 'evil.example' })).toBe(403);
    expect(await ask({ origin: 'http://evil.example' }, 'DELETE')).toBe(403);
    expect(await ask({ origin: 'http://evil.example' }, 'PUT', '/control')).toBe(403);
    expect(await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 'PUT', '/control')).toBe(403);
    expect(await world.messages()).toHaveLength(1);
  });

  it.each(['/messages/999999', '/messages/x', '/messages/1%27', '/nothing', '/messages/999999/html'])(
    'has no %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});
