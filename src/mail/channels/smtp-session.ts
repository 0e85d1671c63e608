import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { type HostPolicy, isAllowedAddress } from '../../command-center/senders/smtp-host.js';
import type { ChannelSecurity } from '../../command-center/senders/delivery-channel.entity.js';
import { MailTokenError } from '../accounts/token-answer.js';
import { FORBIDDEN, type SmtpErrorFacts } from './smtp-failure.js';

export interface SmtpServer {
  host: string;
  port: number;
  security: ChannelSecurity;
  /** Null: without a log-in. */
  logIn: PasswordLogIn | TokenLogIn | null;
}

export interface PasswordLogIn {
  user: string;
  pass: string;
}

/** By OAuth 2 (SASL XOAUTH2). */
export interface TokenLogIn {
  user: string;
  /** `renew`: the server has refused the one before. */
  token(renew: boolean): Promise<string>;
}

export interface PlainMail {
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  text: string;
}

/** The name leads into a network that channels must not reach. */
class ForbiddenAddressError extends Error {
  readonly code = FORBIDDEN;
}

export interface SmtpLimits {
  /** Until a connection stands, and until the server says its first word. */
  timeoutMs: number;
  /** Without a word from the server. */
  socketMs: number;
  /** For a whole step of the talk. */
  stepMs: number;
}

/** While somebody waits for the answer. */
const WAITED_FOR: SmtpLimits = { timeoutMs: 10_000, socketMs: 10_000, stepMs: 20_000 };

/**
 * A connection to a mail server, open and logged in; `close` it. The name is looked up here and the connection goes to
 * that very address, so that no second answer of the DNS leads it elsewhere.
 */
export async function openSmtp(
  server: SmtpServer,
  policy: HostPolicy,
  limits: SmtpLimits = WAITED_FOR,
): Promise<SMTPConnection> {
  try {
    return await open(server, policy, limits);
  } catch (error) {
    const { logIn } = server;
    if (logIn === null || 'pass' in logIn || !isRefusedLogIn(error)) throw error;
    // It may have run out before its time: once more with a new one.
    await logIn.token(true);
    return open(server, policy, limits);
  }
}

function isRefusedLogIn(error: unknown): boolean {
  const { code, responseCode = 0 } = error as SmtpErrorFacts;
  return code === 'EAUTH' && responseCode >= 500 && !(error instanceof MailTokenError);
}

async function open(
  server: SmtpServer,
  policy: HostPolicy,
  { timeoutMs, socketMs, stepMs }: SmtpLimits,
): Promise<SMTPConnection> {
  const address = await addressOf(server, policy);
  const connection = new SMTPConnection({
    host: address,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: socketMs,
  });
  // What breaks later is told by the call that it breaks.
  connection.on('error', () => undefined);
  try {
    await step(connection, (done) => connection.connect(done), stepMs);
    const { logIn } = server;
    if (logIn) await step(connection, (done) => connection.login(authOf(logIn), done), stepMs);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** https://developers.google.com/gmail/imap/xoauth2-protocol: nodemailer asks for another token when one is refused. */
function authOf(logIn: PasswordLogIn | TokenLogIn): Parameters<SMTPConnection['login']>[0] {
  if ('pass' in logIn) return { user: logIn.user, pass: logIn.pass };
  const oauth2 = {
    getToken(renew: boolean, done: (error: Error | null, token?: string) => void) {
      logIn.token(renew).then(
        (token) => done(null, token),
        (error: unknown) => done(error as Error),
      );
    },
    buildXOAuth2Token: (token: string) =>
      Buffer.from(`user=${logIn.user}\x01auth=Bearer ${token}\x01\x01`).toString('base64'),
  };
  return { user: logIn.user, oauth2 } as unknown as Parameters<SMTPConnection['login']>[0];
}

type Done<T> = (error?: Error | null, result?: T) => void;

/** One step of the talk. A connection that breaks during the log-in tells the event only, not the call. */
export function step<T>(connection: SMTPConnection, begin: (done: Done<T>) => void, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle: Done<T> = (error, result) => {
      clearTimeout(timer);
      connection.off('error', settle).off('end', ended);
      if (error) reject(error);
      else resolve(result as T);
    };
    const closed = Object.assign(new Error('Connection closed unexpectedly'), { code: 'ECONNECTION' });
    // After the call itself, which may know why.
    const ended = () => setImmediate(() => settle(closed));
    // A server that says a word now and then would hold it for good.
    const late = () => settle(Object.assign(new Error('No answer in time'), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late, limitMs);
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
  const envelope = { from: from.address, to: [to.address] };
  const { response } = await step<SMTPConnectionSendInfo>(
    connection,
    (done) => connection.send(envelope, message, done),
    WAITED_FOR.stepMs,
  );
  return response;
}

async function addressOf({ host, port }: SmtpServer, policy: HostPolicy): Promise<string> {
  const found = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  const allowed = found.find((address) => isAllowedAddress(address, host, port, policy));
  if (allowed === undefined)
    throw new ForbiddenAddressError(`${host} leads into a network that channels must not reach.`);
  return allowed;
}
