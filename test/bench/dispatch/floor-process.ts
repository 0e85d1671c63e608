import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { v7 as uuidv7 } from 'uuid';
import { renderEmail } from '../../../src/command-center/content/dynamic-fields.js';
import { composeMessage } from '../../../src/mail/dispatch/message.js';
import { childMain } from '../support/child.js';

const NAME = 'Grace';
/** As long as a real one. */
const UNSUBSCRIBE_URL = `https://mail.northwind.example/u/${'x'.repeat(87)}`;

type Letter = Record<'subject' | 'html' | 'text', string>;

export interface FloorInput {
  port: number;
  n: number;
  connections: number;
  html: string;
}

/**
 * The bare pool: as many connections, opened as part of it, and messages of the same parts and sizes, put together one by
 * one. Nothing is kept of what became of them. Their words are made once: a person's name is put in by hand.
 */
childMain(async ({ port, n, connections, html }: FloorInput): Promise<{ seconds: number }> => {
  const letter = letterOf(html);
  let next = 0;
  const since = performance.now();
  const open = await Promise.all(Array.from({ length: connections }, () => connect(port)));
  await Promise.all(
    open.map(async (connection) => {
      while (next < n) await send(connection, await messageOf(next++, letter));
    }),
  );
  const seconds = (performance.now() - since) / 1000;
  for (const connection of open) connection.quit();
  return { seconds };
});

function connect(port: number): Promise<SMTPConnection> {
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true });
    connection.once('error', reject);
    connection.connect(() => resolve(connection));
  });
}

function letterOf(body: string): Letter {
  const person = { name: NAME, first_name: NAME, last_name: '', email: null, title: null, company: null, phone: null };
  const rendered = renderEmail(
    { subject: 'For {{name}}', body },
    { person: { ...person, custom: {} }, sender: { name: 'Rep', email: 'rep@northwind.example' } },
    { signatureHtml: null, unsubscribe: { url: UNSUBSCRIBE_URL, mode: 'append' } },
  );
  if (!rendered.ok) throw new Error(rendered.detail);
  return rendered;
}

async function messageOf(nth: number, { subject, html, text }: Letter) {
  const [name, id] = [`Person ${nth}`, uuidv7()];
  const composed = await composeMessage({
    ...{ from: { name: 'Rep', address: 'rep@northwind.example' }, cc: [], bcc: [], references: [] },
    ...{ to: { name, address: `p${nth}@example.com` }, subject: subject.replaceAll(NAME, name) },
    ...{ html: html.replaceAll(NAME, name), text: text.replaceAll(NAME, name) },
    ...{ messageId: `<${id}@northwind.example>`, date: new Date(), listUnsubscribeUrl: UNSUBSCRIBE_URL },
    returnPath: 'rep@northwind.example',
  });
  if (!composed.ok) throw new Error(composed.words);
  return composed;
}

function send(
  connection: SMTPConnection,
  { envelope, raw }: { envelope: { from: string; to: string[] }; raw: Buffer },
): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.send(envelope, raw, (error) => (error ? reject(error) : resolve()));
  });
}
