// One go of a channel: its connections, and what each of them sends. Invariants:
//
//   1. Nothing is claimed before a connection is open and logged in: a refused log-in fails no email.
//   2. `begin` is committed, under the lease, before the first byte of a message leaves. From there on only the
//      server's answer, or a person, says what became of it.
//   3. The server's answer is written before the connection does anything else, and written again until it is.
//   4. What was claimed and not begun goes back.

import { setTimeout as pause } from 'node:timers/promises';
import { type Logger } from '@nestjs/common';
import type { Begun } from '../../command-center/emails/outgoing/attempts.repository.js';
import type { OutgoingEmail } from '../../command-center/emails/outgoing/outgoing-email.js';
import type { Ending } from '../../command-center/emails/outgoing/outgoing-outcomes.js';
import { sqlState } from '../../platform/database/transactions.js';
import { LeaseLostError } from '../../platform/pipelines/lane-lease.js';
import { ClaimQueue, type Claimed } from './claim-queue.js';
import type { StreamedMessage } from './enclosing.js';
import { endingOf, type RunTrouble } from './endings.js';
import type { Composed } from './message.js';
import { SenderRefusals } from './sender-refusals.js';
import type { SmtpSending } from './smtp-sending.js';

/** What a go needs of the world; sender.ts makes it. */
export interface ChannelPort {
  connections: number;
  open(): Promise<SmtpSending>;
  claim(limit: number): Promise<Claimed>;
  compose(email: OutgoingEmail): Promise<Composed | StreamedMessage>;
  begin(email: OutgoingEmail): Promise<Begun>;
  write(email: OutgoingEmail, ending: Ending): Promise<void>;
  giveBack(emails: readonly OutgoingEmail[]): Promise<void>;
  /** Whether what the channel sent before, apart from these, was refused for the same address, newest first. */
  refusedBefore(email: OutgoingEmail, apart: readonly string[]): Promise<boolean[]>;
  now(): Date;
  random(): number;
  over(): boolean;
  lost: AbortSignal;
  logger: Logger;
}

export interface RunEnd {
  /** What the channel as a whole has. */
  trouble: { kind: Exclude<RunTrouble, null>; words: string } | null;
  /** When there will be something to send again, if that was learned. */
  nextAt: Date | null;
  /** Some email was taken by the server. */
  delivered: boolean;
}

/** Somebody changed, paused or removed the channel: nothing more is begun by these connections. */
class ChannelClosedError extends Error {}

const WRITE_FOR_MS = 30_000;
const WRITE_AGAIN_MS = 250;

export class ChannelRun {
  private readonly queue: ClaimQueue;
  private trouble: RunEnd['trouble'] = null;
  private delivered = false;
  private readonly refusals = new SenderRefusals();

  constructor(private readonly port: ChannelPort) {
    this.queue = new ClaimQueue({
      claim: (most) => port.claim(most),
      now: () => port.now(),
      connections: port.connections,
      over: () => port.over(),
      signal: port.lost,
    });
  }

  /** Sends what is due until there is nothing, or time is over. `first` is open already. */
  async run(first: SmtpSending): Promise<RunEnd> {
    const all = [this.work(first), ...Array.from({ length: this.port.connections - 1 }, () => this.work())];
    const ended = await Promise.allSettled(all);
    const rest = await this.queue.rest();
    if (rest.length > 0) await this.persist(() => this.port.giveBack(rest));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    return { trouble: this.trouble, nextAt: this.queue.nextAt, delivered: this.delivered };
  }

  /** One connection after the other, one message after the other. */
  private async work(open?: SmtpSending): Promise<void> {
    let sending = open;
    try {
      for (let email = await this.queue.take(); email; email = await this.queue.take()) {
        if (!sending?.usable) sending = await this.reopen(email);
        if (!sending) return;
        await this.send(sending, email);
      }
    } catch (error) {
      this.queue.end();
      throw error;
    } finally {
      sending?.close();
    }
  }

  /** Another connection; without one the email goes back, and its fellows go on with those that there are. */
  private async reopen(email: OutgoingEmail): Promise<SmtpSending | undefined> {
    try {
      return await this.port.open();
    } catch (error) {
      this.port.logger.debug({ err: error }, 'a further connection was refused');
      await this.persist(() => this.port.giveBack([email]));
      return undefined;
    }
  }

  private async send(sending: SmtpSending, email: OutgoingEmail): Promise<void> {
    const composed = await this.port.compose(email).catch((error: unknown) => this.uncomposed(email, error));
    if (!composed.ok) {
      const { reason, words: response } = composed;
      return this.persist(() => this.port.write(email, { event: 'fail', reason, response }));
    }
    let outcome;
    try {
      const onData = async () => {
        const begun = await this.port.begin(email);
        if (begun === 'lost') throw new LeaseLostError('dispatch', email.id);
        if (begun === 'closed') throw new ChannelClosedError();
      };
      const message = 'raw' in composed ? composed.raw : () => composed.open();
      outcome = await sending.send({ envelope: composed.envelope, message, onData });
    } catch (error) {
      // It did not begin to leave, for a reason of our own. Whoever holds the lane by now has seen to it.
      if (!(error instanceof LeaseLostError)) await this.persist(() => this.port.giveBack([email]));
      if (!(error instanceof ChannelClosedError)) throw error;
      // As it is now, it may have something to send.
      this.queue.nextAt = this.port.now();
      return this.queue.end();
    }
    const { ending, trouble } = endingOf(email, outcome, this.port.now(), this.port.random());
    if (trouble === 'sender') return this.senderRefused(email, ending);
    await this.persist(() => this.port.write(email, ending));
    if (ending.event === 'accept') this.delivered = true;
    if (ending.event === 'accept' || ending.event === 'bounce') this.refusals.clear();
    if (trouble !== null) this.end(trouble, ending.response);
  }

  /** The email fails; when one after the other does, the rest are not to fail as well: they wait until it is mended. */
  private async senderRefused(email: OutgoingEmail, ending: Ending): Promise<void> {
    const { id, dueAt } = email;
    const { address } = email.from;
    const { first, tooMany } = this.refusals.add(address, id);
    const { response } = ending;
    const waiting: Ending = { event: 'give_back', dueAt, blame: false, response };
    await this.persist(() => this.port.write(email, tooMany ? waiting : ending));
    if (first) this.refusals.addEarlier(address, await this.port.refusedBefore(email, this.refusals.ids(address)));
    if (!this.refusals.isEnough(address)) return;
    this.end('sender', `The server passes on nothing from ${address}. It said: ${response}`);
  }

  private end(kind: Exclude<RunTrouble, null>, words: string): void {
    this.trouble = { kind, words };
    this.queue.end();
  }

  /** A mistake of ours in one email is not the channel's: the others go on. */
  private uncomposed(email: OutgoingEmail, error: unknown): Extract<Composed, { ok: false }> {
    this.port.logger.error({ err: error, emailId: email.id }, 'an email could not be composed');
    return { ok: false, reason: 'bad_content', words: 'The message could not be composed.' };
  }

  /** The database may be away for a moment; what happened is known here alone. */
  private async persist(write: () => Promise<void>): Promise<void> {
    for (const until = performance.now() + WRITE_FOR_MS; ;) {
      try {
        return await write();
      } catch (error) {
        if (!isPassing(error) || performance.now() > until) throw error;
        this.port.logger.warn({ err: error }, 'what became of an email is not written yet; once more');
        await pause(WRITE_AGAIN_MS);
      }
    }
  }
}

/** Not a mistake of ours in the statement or its data (SQLSTATE classes 22, 23, 42): the same may go well later. */
function isPassing(error: unknown): boolean {
  return !/^(22|23|42)/.test(sqlState(error) ?? '');
}
