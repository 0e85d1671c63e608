import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { HostPolicy } from '../../command-center/senders/smtp-host.js';
import type { SmtpErrorFacts } from '../channels/smtp-failure.js';
import { openSmtp, type SmtpServer, type SmtpTimes, step } from '../channels/smtp-session.js';
import type { Message } from './message.js';
import { outcomeOf, type SendOutcome } from './send-outcome.js';

/** Shorter than any lease is renewed for: a server that says nothing for so long is gone. */
export const SENDING_TIMES: SmtpTimes = { silenceMs: 60_000, stepMs: 120_000 };

type RecipientError = Error & SmtpErrorFacts & { recipient?: string };

/** nodemailer keeps here whom the server refused; it tells no one before the message has left. */
interface WithEnvelope {
  _envelope?: { rejectedErrors?: RecipientError[] };
}

/** What must not happen, in a stream: ends it before its first byte. */
class NotBegun extends Error {
  constructor(override readonly cause: unknown) {
    super('The message did not begin to leave.');
  }
}

/** One connection that sends one message after the other. */
export class SmtpSending {
  private broken = false;

  private constructor(
    private readonly connection: SMTPConnection,
    private readonly times: SmtpTimes,
  ) {
    connection.once('end', () => (this.broken = true));
    connection.once('error', () => (this.broken = true));
  }

  /** Connected and logged in; throws what nodemailer says. */
  static async open(server: SmtpServer, policy: HostPolicy, times = SENDING_TIMES): Promise<SmtpSending> {
    return new SmtpSending(await openSmtp(server, policy, times), times);
  }

  get usable(): boolean {
    return !this.broken;
  }

  /**
   * Sends a message. `begin` runs after the server asked for the message (354) and before its first byte: what it
   * throws keeps the message here for sure, and is thrown on.
   */
  async send({ envelope, bytes }: Message, begin: () => Promise<void>): Promise<SendOutcome> {
    const talk = { began: false };
    const message = Readable.from(this.messageOf(envelope.to[0] ?? '', bytes, begin, talk));
    try {
      const info = await step<SMTPConnectionSendInfo>(
        this.connection,
        (done) => {
          // A pipe does not end when what it reads from fails: without this the server would wait for the rest.
          message.once('error', (error) => (done(error), this.close()));
          this.connection.send(envelope, message, done);
        },
        this.times.stepMs,
      );
      return { kind: 'delivered', response: info.response, refused: refusedOf(info) };
    } catch (error) {
      message.destroy();
      if (error instanceof NotBegun && !isRefusal(error.cause)) throw error.cause;
      const facts = refusalOf(envelope.to[0], error instanceof NotBegun ? error.cause : error);
      const outcome = outcomeOf(facts, talk.began);
      if (facts.responseCode === undefined || facts.responseCode === 503 || facts.responseCode === 421) this.close();
      else if (this.usable) await this.reset();
      return outcome;
    }
  }

  /** Ends the talk politely when it can. */
  end(): void {
    if (this.broken) this.connection.close();
    else this.connection.quit();
    this.broken = true;
  }

  private async *messageOf(
    to: string,
    bytes: Buffer,
    begin: () => Promise<void>,
    talk: { began: boolean },
  ): AsyncGenerator<Buffer> {
    try {
      // Copies go to nobody when the person whom it is for is refused.
      const refusals = (this.connection as unknown as WithEnvelope)._envelope?.rejectedErrors ?? [];
      const refusal = refusals.find(({ recipient }) => recipient === to);
      if (refusal) throw refusal;
      await begin();
    } catch (error) {
      throw new NotBegun(error);
    }
    talk.began = true;
    yield bytes;
  }

  /** After a refusal the server still has half of an envelope in mind (RFC 5321, 4.1.1.5). */
  private async reset(): Promise<void> {
    try {
      await step<unknown>(this.connection, (done) => this.connection.reset(done), this.times.stepMs);
    } catch {
      this.close();
    }
  }

  private close(): void {
    this.broken = true;
    this.connection.close();
  }
}

function refusedOf(info: SMTPConnectionSendInfo): string[] {
  return (info.rejectedErrors ?? []).map((error) => {
    const { recipient = '', response, message } = error as RecipientError;
    return `${recipient}: ${typeof response === 'string' ? response : message}`;
  });
}

/** When all are refused, what counts is what was said of the one whom it is for. */
function refusalOf(to: string | undefined, error: unknown): SmtpErrorFacts {
  const { rejectedErrors = [] } = error as { rejectedErrors?: RecipientError[] };
  return rejectedErrors.find(({ recipient }) => recipient === to) ?? (error as SmtpErrorFacts);
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'responseCode' in error;
}
