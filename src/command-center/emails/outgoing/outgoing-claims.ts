// Takes emails that are due out of their folder to send them. In one transaction, which the caller's lease fences:
// the rows are locked, whoever is in the way is looked at for the last time (suppression, sender, words), and what can
// leave gets its attempt. An edit, a cancellation or an unsubscribe comes before this transaction or after it.

import { setImmediate as turn } from 'node:timers/promises';
import { domainToASCII } from 'node:url';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../../platform/database/transactions.js';
import type { Attachment } from '../../files/attachments.js';
import { PeopleFacts, type PersonFacts, type Suppression } from '../../people/people-facts.js';
import { IdentitiesRepository, type IdentityRow } from '../../senders/identities.repository.js';
import { type Content, ContentsRepository } from '../contents.repository.js';
import { EmailStore } from '../email-store.js';
import type { StoredEmail } from '../email-values.js';
import { letterFor, type LetterLinks, type RenderedLetter, type Unsendable, whyNotCopies } from '../sendability.js';
import { AttemptsRepository } from './attempts.repository.js';
import type { Leaving, OutgoingEmail } from './outgoing-email.js';

interface Standing {
  people: ReadonlyMap<string, PersonFacts>;
  identities: ReadonlyMap<string, IdentityRow>;
  active: ReadonlySet<string>;
  contents: ReadonlyMap<string, Content>;
  /** What is known of the addresses in copy. */
  copies: ReadonlyMap<string, Suppression>;
}

type Decided =
  | { email: StoredEmail; refused: Unsendable }
  | {
      email: StoredEmail;
      letter: RenderedLetter;
      attachments: readonly Attachment[];
      identity: IdentityRow;
      person: PersonFacts;
    };

const AT_A_TIME = 8;

@Injectable()
export class OutgoingClaims {
  constructor(
    private readonly store: EmailStore,
    private readonly attempts: AttemptsRepository,
    private readonly facts: PeopleFacts,
    private readonly identities: IdentitiesRepository,
    private readonly contents: ContentsRepository,
  ) {}

  /** At most `limit` emails that are due, those that have waited longest first. `looked`: how many it took a look at. */
  async claim(
    tx: Tx,
    leaving: Leaving,
    limit: number,
    now: Date,
  ): Promise<{ emails: OutgoingEmail[]; looked: number }> {
    const { teamId, channelId } = leaving;
    const rows = await this.attempts.lockDue(tx, { teamId, channelId, limit, now, without: leaving.fullDomains });
    const ids = leaving.within(rows).map(({ id }) => id);
    const due = [...(await this.store.lock(tx, teamId, ids)).values()];
    if (due.length === 0) return { emails: [], looked: 0 };
    const standing = await this.standingOf(tx, teamId, due);
    const decided = await this.decideAll(due, standing, leaving);
    const author = { actor: null, at: now };
    const refused = decided.flatMap((one) => ('refused' in one ? [one] : []));
    await this.store.move(
      tx,
      teamId,
      'fail',
      refused.map(({ email, refused: { reason, detail } }) => ({
        ...{ id: email.id, set: { reason, reasonDetail: detail }, detail: reason },
      })),
      author,
    );
    const going = decided.flatMap((one) => ('letter' in one ? [one] : []));
    const emails = await this.outgoing(tx, leaving, going, now);
    await this.attempts.insert(tx, teamId, channelId, emails, now);
    await this.store.move(
      tx,
      teamId,
      'claim',
      emails.map(({ id, attemptId, attempts, to }) => ({
        ...{
          id,
          set: { attemptId, attempts, toName: to.name, toAddress: to.address, reason: null, reasonDetail: null },
        },
      })),
      author,
    );
    return { emails, looked: due.length };
  }

  /** Of a channel that is no more: what is due fails, and says why. Answers how many. */
  async failDue(tx: Tx, teamId: string, channelId: string, limit: number, now: Date): Promise<number> {
    const rows = await this.attempts.lockDue(tx, { teamId, channelId, limit, now, without: [] });
    const ids = rows.map(({ id }) => id);
    const set = { reason: 'no_channel' as const, reasonDetail: null };
    await this.store.move(
      tx,
      teamId,
      'fail',
      ids.map((id) => ({ id, set, detail: 'no_channel' })),
      {
        actor: null,
        at: now,
      },
    );
    return ids.length;
  }

  /** A few at a time: while some are claimed, others are being sent, and their servers wait for us. */
  private async decideAll(due: readonly StoredEmail[], standing: Standing, leaving: Leaving): Promise<Decided[]> {
    const decided: Decided[] = [];
    for (const email of due) {
      if (decided.length % AT_A_TIME === AT_A_TIME - 1) await turn();
      decided.push(decide(email, standing, leaving));
    }
    return decided;
  }

  private async standingOf(tx: Tx, teamId: string, emails: readonly StoredEmail[]): Promise<Standing> {
    const of = <T>(pick: (email: StoredEmail) => T | null): T[] => emails.flatMap((email) => pick(email) ?? []);
    // People first, and in one order for all: whoever unsubscribes waits here, or we wait for them.
    const people = await this.facts.held(
      tx,
      teamId,
      of(({ personId }) => personId),
    );
    return {
      people,
      identities: await this.identities.byIds(
        tx,
        teamId,
        of(({ identityId }) => identityId),
      ),
      active: await this.attempts.activeUsers(
        tx,
        teamId,
        of(({ userId }) => userId),
      ),
      contents: await this.contents.byIds(
        tx,
        teamId,
        of(({ contentId }) => contentId),
      ),
      copies: await this.facts.suppressed(
        tx,
        teamId,
        emails.flatMap(({ cc, bcc }) => [...cc, ...bcc]),
      ),
    };
  }

  private async outgoing(
    tx: Tx,
    leaving: Leaving,
    going: readonly Extract<Decided, { letter: RenderedLetter }>[],
    now: Date,
  ): Promise<OutgoingEmail[]> {
    const { teamId } = leaving;
    const threads = await this.attempts.threads(
      tx,
      teamId,
      going.flatMap(({ email }) => (email.replyToId === null ? [] : email.id)),
    );
    // What may have arrived once is sent again under its name, so that mail programs can tell.
    const doubted = await this.attempts.doubted(
      tx,
      teamId,
      going.flatMap(({ email }) => (email.attemptId === null ? [] : email.id)),
    );
    return going.map(({ email, letter, attachments, identity, person }) => {
      const attemptId = uuidv7();
      return {
        ...{ id: email.id, attemptId, attempts: email.attempts + 1, cc: email.cc, bcc: email.bcc },
        dueAt: email.dueAt ?? now,
        ...{ subject: letter.subject, html: letter.html, text: letter.text, attachments },
        from: { name: identity.name, address: identity.email },
        to: { name: person.name, address: person.email ?? '' },
        messageId: doubted.get(email.id) ?? messageIdOf(attemptId, identity.email),
        references: threads.get(email.id) ?? [],
        unsubscribeUrl: email.commercial ? linksOf(email, leaving).unsubscribeUrl : null,
      };
    });
  }
}

/** Pure: whether an email can leave, as things are now. */
function decide(email: StoredEmail, standing: Standing, leaving: Leaving): Decided {
  const refuse = (reason: Unsendable['reason'], detail: string | null = null) => ({
    email,
    refused: { reason, detail },
  });
  if (!standing.active.has(email.userId)) return refuse('sender_left');
  const identity = standing.identities.get(email.identityId ?? '');
  if (!identity || identity.verifiedAt === null || identity.userId !== email.userId) return refuse('no_identity');
  const copies = whyNotCopies(email, standing.copies);
  if (copies) return { email, refused: copies };
  const content = standing.contents.get(email.contentId);
  const person = standing.people.get(email.personId ?? '');
  if (!content) return refuse('bad_content');
  const told = letterFor({ ...content, commercial: email.commercial }, person, identity, linksOf(email, leaving));
  if (!told.ok || !person) return told.ok ? refuse('person_deleted') : { email, refused: told };
  const attachments = content.attachments.filter(({ tracked }) => !tracked);
  return { email, letter: told.letter, attachments, identity, person };
}

function linksOf({ id, personId }: StoredEmail, leaving: Leaving): LetterLinks {
  return {
    unsubscribeUrl: leaving.unsubscribeUrl({ personId: personId ?? '', emailId: id }),
    contentUrl: (fileId) => leaving.contentUrl({ emailId: id, fileId }),
  };
}

/** RFC 5322, 3.6.4: unique by the attempt's id, at the domain of the sender. */
function messageIdOf(attemptId: string, sender: string): string {
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  return `${attemptId.replaceAll('-', '')}@${domainToASCII(domain) || domain}`;
}
