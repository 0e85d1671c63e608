import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type HostPolicy, isAllowedAddress } from '../../command-center/senders/smtp-host.js';
import type { ChannelSecurity } from '../../command-center/senders/delivery-channel.entity.js';

export interface SmtpServer {
  host: string;
  port: number;
  security: ChannelSecurity;
  /** Null: without a log-in. */
  logIn: { user: string; pass: string } | null;
}

export interface PlainMail {
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  text: string;
}

/** The name leads nowhere, or into a network that channels must not reach. */
export class AddressError extends Error {
  readonly code = 'EDNS';
}

const TIMEOUT_MS = 10_000;
const STEP_MS = 20_000;

/**
 * A connection to a mail server, open and logged in; `close` it. The name is looked up here and the connection goes to
 * that very address, so that no second answer of the DNS leads it elsewhere.
 */
export async function openSmtp(server: SmtpServer, policy: HostPolicy): Promise<SMTPConnection> {
  const address = await addressOf(server, policy);
  const connection = new SMTPConnection({
    host: address,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  // What breaks later is told by the call that it breaks.
  connection.on('error', () => undefined);
  try {
    await step(connection, (done) => connection.connect(done));
    const { logIn } = server;
    if (logIn) await step(connection, (done) => connection.login({ user: logIn.user, pass: logIn.pass }, done));
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A connection that breaks while it is logged in tells the event only, not the call. */
function step(connection: SMTPConnection, begin: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null) => {
      clearTimeout(timer);
      connection.off('error', settle).off('end', ended);
      if (error) reject(error);
      else resolve();
    };
    const ended = () => settle(Object.assign(new Error('Connection closed unexpectedly'), { code: 'ECONNECTION' }));
    // A server that says a word now and then would hold it for good.
    const late = () => settle(Object.assign(new Error('No answer in time'), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late, STEP_MS);
    connection.once('error', settle).once('end', ended);
    begin(settle);
  });
}

/** Resolves with what the server answered when it took the message. */
export async function sendPlain(connection: SMTPConnection, { from, to, subject, text }: PlainMail): Promise<string> {
  const node = new MailComposer({
    ...{ from, to, subject, text },
    // RFC 3834: no out-of-office answer to this.
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }).compile();
  const message = await node.build();
  return new Promise((resolve, reject) =>
    connection.send({ from: from.address, to: [to.address] }, message, (error, info) =>
      error ? reject(error) : resolve(info.response),
    ),
  );
}

async function addressOf({ host, port }: SmtpServer, policy: HostPolicy): Promise<string> {
  const found = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  const allowed = found.find((address) => isAllowedAddress(address, host, port, policy));
  if (allowed === undefined) throw new AddressError(`${host} leads into a network that channels must not reach.`);
  return allowed;
}
