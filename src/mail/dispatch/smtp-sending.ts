import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { HostPolicy } from '../../command-center/senders/smtp-host.js';
import { type SmtpErrorFacts, smtpFailure } from '../channels/smtp-failure.js';
import { openSmtp, type SmtpLimits, type SmtpServer, step } from '../channels/smtp-session.js';
import type { Envelope } from './message.js';
import { outcomeOf, refusalOf, type SendFacts, type SendOutcome, type SentSoFar } from './send-outcome.js';
import { SendingStoppedError } from './while-held.js';

export interface SendingLimits extends SmtpLimits {
  /** For one message from MAIL to the last reply, whatever the server says meanwhile. */
  messageMs: number;
}

/** RFC 5321, 4.5.3.2 would wait for ten minutes; whoever sends holds a claim meanwhile, which must last longer. */
export const SENDING_LIMITS: SendingLimits = {
  timeoutMs: 15_000,
  socketMs: 60_000,
  stepMs: 30_000,
  messageMs: 120_000,
};

// 20 MB of files are 27 MB on the line, and the lines of small offices are slow.
const SLOWEST_BYTES_PER_MS = 64;

export interface Outgoing {
  /** `size`: of the message in bytes, where it is large. */
  envelope: Envelope & { size?: number };
  /** Opened when the server waits for it. */
  message: Buffer | string | (() => Readable);
  /** Called when the server waits for the message, before its first byte: from here on it may be delivered. */
  onData: () => Promise<void>;
}

/** No connection, or no log-in: nothing was sent. */
export class SendingFailedError extends Error {
  constructor(
    readonly kind: 'auth' | 'unreachable',
    /** For whoever set the channel up, a sentence. */
    readonly words: string,
  ) {
    super(words);
  }
}

export async function openSending(
  server: SmtpServer,
  policy: HostPolicy,
  limits: SendingLimits = SENDING_LIMITS,
): Promise<SmtpSending> {
  try {
    return new SmtpSending(await openSmtp(server, policy, limits), limits);
  } catch (error) {
    const facts = error as SmtpErrorFacts;
    const failure = smtpFailure(facts);
    // A log-in that cannot be checked at the moment (4xx) is not a wrong one.
    const wrong = failure.step === 'log_in' && (facts.responseCode ?? 500) >= 500;
    throw new SendingFailedError(wrong ? 'auth' : 'unreachable', failure.words);
  }
}

/** One open connection that takes messages, one after the other. */
export class SmtpSending {
  private ended = false;

  constructor(
    private readonly connection: SMTPConnection,
    private readonly limits: SendingLimits,
  ) {
    connection.once('end', () => (this.ended = true));
  }

  /** Whether another message can be tried on it; otherwise open a new one. */
  get usable(): boolean {
    return !this.ended;
  }

  /** Says what became of the message. Throws what `onData` throws, and then nothing was sent. */
  async send({ envelope, message, onData }: Outgoing): Promise<SendOutcome> {
    const [person = ''] = envelope.to;
    const talk: Talk = { begun: false, drained: false };
    const stream = Readable.from(this.content(message, onData, person, talk));
    try {
      const info = await step<SMTPConnectionSendInfo>(
        this.connection,
        (done) => this.connection.send({ ...envelope, to: [...envelope.to] }, stream, done),
        this.limits.messageMs + (envelope.size ?? 0) / SLOWEST_BYTES_PER_MS,
      );
      return deliveredOf(info);
    } catch (error) {
      if (talk.stopped) this.abort();
      if (talk.stopped?.because === 'onData') throw talk.stopped.error;
      if (talk.stopped?.because === 'source') {
        // Hung up before its end: the server has nothing.
        const { error: cause } = talk.stopped;
        const response =
          cause instanceof SendingStoppedError ? cause.message : 'A file that goes with it could not be read.';
        return { kind: 'later', response, channelTrouble: null };
      }
      const facts =
        talk.stopped?.error ?? refusalOf(person, (error as SendFacts).rejectedErrors) ?? (error as SendFacts);
      const outcome = outcomeOf(facts, talk);
      await this.recover(outcome, talk);
      return outcome;
    }
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.connection.quit();
    // A server that does not hang up is not waited for.
    setTimeout(() => this.connection.close(), this.limits.timeoutMs).unref();
  }

  /** Read by nodemailer only after the server asked for the message. */
  private async *content(
    message: Outgoing['message'],
    onData: () => Promise<void>,
    person: string,
    talk: Talk,
  ): AsyncGenerator<Buffer> {
    const refused = refusalOf(person, refusalsSoFar(this.connection));
    if (refused) {
      // nodemailer would go on with the copies alone.
      talk.stopped = { because: 'refused', error: refused };
      this.abort();
      throw new Error('The recipient was refused.');
    }
    talk.begun = true;
    try {
      await onData();
    } catch (error) {
      talk.stopped = { because: 'onData', error };
      this.abort();
      throw error;
    }
    yield* this.bytesOf(message, talk);
    talk.drained = true;
  }

  private async *bytesOf(message: Outgoing['message'], talk: Talk): AsyncGenerator<Buffer> {
    if (typeof message !== 'function') {
      yield Buffer.from(message);
      return;
    }
    try {
      for await (const chunk of message()) yield chunk as Buffer;
    } catch (error) {
      talk.stopped = { because: 'source', error };
      this.abort();
      throw error;
    }
  }

  /** After a refusal the server is asked to forget the message; after anything else nothing on this line can be trusted. */
  private async recover(outcome: SendOutcome, { begun, drained }: Talk): Promise<void> {
    if (this.ended) return;
    if (outcome.kind === 'doubt' || (begun && !drained)) return this.abort();
    try {
      await step<boolean>(this.connection, (done) => this.connection.reset(done), this.limits.stepMs);
    } catch {
      this.abort();
    }
  }

  /** Hangs up at once: a message without its end is none. */
  private abort(): void {
    this.ended = true;
    this.connection.close();
  }
}

interface Talk extends SentSoFar {
  stopped?:
    | { because: 'refused'; error: SendFacts }
    | { because: 'onData'; error: unknown }
    | { because: 'source'; error: unknown };
}

function deliveredOf({ response, rejectedErrors }: SMTPConnectionSendInfo): SendOutcome {
  const refusedRecipients = ((rejectedErrors ?? []) as SendFacts[]).map((refusal) => ({
    address: refusal.recipient ?? '',
    response: smtpFailure(refusal).said ?? refusal.message,
  }));
  return { kind: 'delivered', response, refusedRecipients };
}

/** nodemailer tells them at the end only, when the message is gone. */
function refusalsSoFar(connection: SMTPConnection): SendFacts[] {
  const { _envelope } = connection as unknown as { _envelope: { rejectedErrors: SendFacts[] } };
  return _envelope.rejectedErrors;
}
