import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Received } from './store.js';

/** As large as the largest that a person may send (20 MB of attachments), encoded. */
export const MAX_MESSAGE_BYTES = 35 * 1024 * 1024;

export interface SmtpOptions {
  host: string;
  port: number;
  receive: (message: Received) => Promise<void>;
}

export interface SmtpReceiver {
  port: number;
  close(): Promise<void>;
}

/** Takes what it is sent and brings it nowhere else (RFC 5321): nothing leaves this machine. Any log-in is right. */
export async function startSmtp({ host, port, receive }: SmtpOptions): Promise<SmtpReceiver> {
  const server = new SMTPServer({
    banner: 'Mail world of the Command Center sandbox',
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    onAuth: (_auth, _session, done) => done(null, { user: 'anybody' }),
    onData: (stream, session, done) => {
      void take(stream, session, receive).then(
        () => done(null, 'taken by the mail world'),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  // A client that breaks off is its own business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function take(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  receive: SmtpOptions['receive'],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) {
    throw Object.assign(new Error(`5.3.4 Message larger than ${MAX_MESSAGE_BYTES} bytes`), { responseCode: 552 });
  }
  await receive({
    envelopeFrom: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    recipients: envelope.rcptTo.map(({ address }) => address.toLowerCase()),
    raw: Buffer.concat(chunks),
  });
}
