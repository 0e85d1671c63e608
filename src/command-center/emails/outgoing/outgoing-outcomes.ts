import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { GroupWrites } from '../../../platform/database/group-writes.js';
import { Transactions, type Tx } from '../../../platform/database/transactions.js';
import type { EmailEvent } from '../email-state.js';
import { EmailStore, type Move } from '../email-store.js';
import type { EmailChange } from '../email-values.js';
import { AttemptsRepository } from './attempts.repository.js';
import type { OutgoingEmail } from './outgoing-email.js';

/** What a try to send came to. `response`: the server's words. */
export type Ending =
  | { event: 'accept'; response: string; detail: string | null }
  | { event: 'bounce'; response: string }
  | {
      event: 'fail';
      reason: 'refused' | 'sender_refused' | 'too_many_tries' | 'bad_address' | 'bad_content';
      response: string;
    }
  | { event: 'doubt'; response: string }
  /** Not sent; `blame`: for the email's own sake, so it says why. */
  | { event: 'give_back'; dueAt: Date; blame: boolean; response: string };

interface Known {
  email: OutgoingEmail;
  ending: Ending;
}

/** What an outcome still says of an email that is no longer being sent. */
const PROOFS: Partial<Record<EmailEvent, EmailEvent>> = { accept: 'prove', bounce: 'bounce' };
const ORPHANS_AT_ONCE = 500;

/**
 * Writes what became of emails that were leaving. An outcome counts while its attempt is the email's last, whoever holds
 * the lane by now: it is what the server said.
 */
@Injectable()
export class OutgoingOutcomes {
  private readonly together = new GroupWrites<Known, void>((teamId, known) => this.writeAll(teamId, known));

  constructor(
    private readonly transactions: Transactions,
    private readonly store: EmailStore,
    private readonly attempts: AttemptsRepository,
    private readonly clock: Clock,
  ) {}

  /** Returns when it is committed: with others of the team that became known meanwhile. */
  write(teamId: string, email: OutgoingEmail, ending: Ending): Promise<void> {
    return this.together.add(teamId, { email, ending: { ...ending, response: storable(ending.response) } });
  }

  private async writeAll(teamId: string, known: readonly Known[]): Promise<void[]> {
    const author = { actor: null, at: this.clock.now() };
    await this.transactions.run(async (tx) => {
      for (const [event, moves] of byEvent(known, author.at)) {
        const moved = await this.store.move(tx, teamId, event, moves, author);
        // Somebody took us for dead meanwhile and left it in doubt, which a person may have answered by another try.
        const proof = PROOFS[event];
        const left = moves.filter(({ id }) => !moved.has(id));
        if (proof) await this.store.move(tx, teamId, proof, left, author);
      }
    });
    return known.map(() => undefined);
  }

  /** Many that were claimed and not begun: as if they had not been. */
  async giveBack(tx: Tx, teamId: string, emails: readonly OutgoingEmail[]): Promise<void> {
    const moves = emails.map(({ id, attemptId, attempts, dueAt }) => ({
      ...{ id, attemptId, set: { dueAt, attempts: attempts - 1 }, response: 'Not begun.' },
    }));
    const moved = await this.store.move(tx, teamId, 'give_back', moves, { actor: null, at: this.clock.now() });
    const gone = emails.filter(({ id }) => moved.has(id)).map(({ attemptId }) => attemptId);
    await this.attempts.forget(tx, teamId, gone);
  }

  /**
   * What somebody left behind who died while sending: what had not begun to leave is due again, the rest is in doubt
   * and waits for a person or a proof. Only who holds the lane, and sends nothing, may ask. Answers how many.
   */
  async settleOrphans(tx: Tx, teamId: string, channelId: string, triesMax: number): Promise<number> {
    const author = { actor: null, at: this.clock.now() };
    const orphans = await this.attempts.orphans(tx, teamId, channelId, ORPHANS_AT_ONCE);
    const response = 'The connection broke: the process that sent it ended.';
    // One that everybody dies of is not taken up for ever.
    const given = orphans.filter(({ begun, attempts }) => !begun && attempts >= triesMax);
    const ends = given.map(({ id, attemptId }) => ({
      ...{
        id,
        attemptId,
        set: { reason: 'too_many_tries' as const, reasonDetail: response },
        response,
        detail: response,
      },
    }));
    await this.store.move(tx, teamId, 'fail', ends, author);
    const unbegun = orphans.filter(({ begun, attempts }) => !begun && attempts < triesMax);
    const back = unbegun.map(({ id, attemptId }) => ({ id, attemptId, set: { dueAt: author.at }, response }));
    await this.store.move(tx, teamId, 'give_back', back, author);
    const begun = orphans.filter((orphan) => orphan.begun);
    const set: EmailChange = { reason: 'uncertain', reasonDetail: response };
    const doubts = begun.map(({ id, attemptId }) => ({ id, attemptId, set, response, detail: response }));
    await this.store.move(tx, teamId, 'doubt', doubts, author);
    return orphans.length;
  }
}

/** Pure: what is to be written, by event: all moves of one set the same fields. */
function byEvent(known: readonly Known[], now: Date): Map<Ending['event'], Move[]> {
  const all = new Map<Ending['event'], Move[]>();
  for (const { email, ending } of known) {
    const detail = ending.event === 'accept' ? ending.detail : ending.response;
    const { id, attemptId } = email;
    const move = { id, attemptId, set: changeOf(email, ending, now), detail, response: ending.response };
    all.set(ending.event, [...(all.get(ending.event) ?? []), move]);
  }
  return all;
}

function changeOf({ subject }: OutgoingEmail, ending: Ending, now: Date): EmailChange {
  const { response: reasonDetail } = ending;
  switch (ending.event) {
    case 'accept':
      return { subject, sentAt: now, reason: null, reasonDetail: null };
    case 'bounce':
      return { reason: 'bounced', reasonDetail };
    case 'fail':
      return { reason: ending.reason, reasonDetail };
    case 'doubt':
      return { reason: 'uncertain', reasonDetail };
    case 'give_back':
      return ending.blame
        ? { dueAt: ending.dueAt, reason: 'put_off', reasonDetail }
        : { dueAt: ending.dueAt, reason: null, reasonDetail: null };
  }
}

const WORDS_MAX = 2_000;

/** A server may say anything; what the database refuses must not cost an outcome that is known. */
function storable(words: string): string {
  return [...words.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd')].slice(0, WORDS_MAX).join('');
}
