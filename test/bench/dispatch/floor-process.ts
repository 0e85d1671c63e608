import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { composeMessage } from '../../../src/mail/dispatch/message.js';
import { childMain } from '../support/child.js';

export interface FloorInput {
  port: number;
  n: number;
  connections: number;
  html: string;
}

/** The bare pool: the same messages over as many connections, and nothing is kept of what became of them. */
childMain(async ({ port, n, connections, html }: FloorInput): Promise<{ seconds: number }> => {
  const open = await Promise.all(Array.from({ length: connections }, () => connect(port)));
  let next = 0;
  const since = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      while (next < n) await send(connection, await messageOf(next++, html));
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

async function messageOf(nth: number, html: string) {
  const composed = await composeMessage({
    ...{ from: { name: 'Rep', address: 'rep@northwind.example' }, cc: [], bcc: [], subject: `For Person ${nth}` },
    ...{ to: { name: `Person ${nth}`, address: `p${nth}@example.com` }, html, text: 'Hello', references: [] },
    ...{ messageId: `<${nth}@northwind.example>`, date: new Date(0), listUnsubscribeUrl: null },
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
