import type { AddressInfo, Socket } from 'node:net';
import type { SMTPServerAuthentication, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { PromptSmtpServer } from './prompt-server.js';
import { Cut, type Reception, Refusal } from './reception.js';
import type { Provider } from './provider.js';
import type { Received } from './store.js';

export interface SmtpReceiver {
  port: number;
  close(): Promise<void>;
}

export interface Receiving {
  reception: Reception;
  provider: Provider;
}

/**
 * Takes what it is sent and brings it nowhere else (RFC 5321): nothing leaves this machine. Any password is right; a
 * token is one of the provider's that is good.
 */
export async function startSmtp({ reception, provider }: Receiving, host: string, port: number): Promise<SmtpReceiver> {
  const sockets = new Map<number | undefined, Socket>();
  const steps = new Set<Promise<void>>();
  /** Tells the client how the step ended, or nothing at all where the connection is to break. */
  const settle = (step: Promise<void>, session: SMTPServerSession, done: (error?: Error) => void): void => {
    const settled = step.then(
      () => done(),
      (error: unknown) => {
        if (error instanceof Cut) sockets.get(session.remotePort)?.destroy();
        else done(asRefusal(error));
      },
    );
    steps.add(settled);
    void settled.finally(() => steps.delete(settled));
  };
  const server = new PromptSmtpServer({
    banner: 'Mail world of the Command Center sandbox',
    authOptional: true,
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    // What we say brings its enhanced code along.
    hideENHANCEDSTATUSCODES: true,
    size: reception.maxBytes,
    onConnect: (session, done) => {
      server.options.size = reception.maxBytes;
      settle(reception.connected(server.connections.size), session, done);
    },
    onAuth: (auth, session, done) =>
      settle(loggedIn({ reception, provider }, auth), session, (error) =>
        error ? done(error) : done(null, { user: 'anybody' }),
      ),
    onRcptTo: ({ address }, session, done) => settle(reception.recipient(senderOf(session), address), session, done),
    onData: (stream, session, done) => {
      const end = (error?: Error): void => (error ? done(error) : done(null, 'taken by the mail world'));
      // Only from here on is it a step: a client that stops in the middle of a message keeps nobody from closing.
      void whole(stream, reception.maxBytes).then(
        (raw) => settle(reception.message(received(raw, session)), session, end),
        (error: unknown) => end(asRefusal(error)),
      );
    },
  });
  server.server.on('connection', (socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  // A client that breaks off is its own business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      reception.end();
      // Nobody may be left in doubt about a message that is kept: its reply goes out first.
      await Promise.allSettled([...steps]);
      for (const socket of sockets.values()) socket.destroySoon();
      await closed;
    },
  };
}

async function loggedIn({ reception, provider }: Receiving, auth: SMTPServerAuthentication): Promise<void> {
  await reception.loggedIn();
  const { username = '', accessToken } = auth;
  if (accessToken === undefined || (await provider.takes(username, accessToken))) return;
  throw new Refusal({ code: 535, text: '5.7.8 Username and Password not accepted' });
}

const senderOf = ({ envelope }: SMTPServerSession): string =>
  envelope.mailFrom === false ? '' : envelope.mailFrom.address;

function received(raw: Buffer, session: SMTPServerSession): Received {
  const recipients = session.envelope.rcptTo.map(({ address }) => address.toLowerCase());
  return { envelopeFrom: senderOf(session), recipients, raw };
}

async function whole(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) {
    throw new Refusal({ code: 552, text: `5.3.4 Message larger than ${maxBytes} bytes` });
  }
  return Buffer.concat(chunks);
}

/** What broke here is nothing that the sender did: it may try again. */
function asRefusal(error: unknown): Error {
  if (error instanceof Refusal) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Refusal({ code: 451, text: `4.3.0 The mail world could not keep it: ${reason}` });
}
