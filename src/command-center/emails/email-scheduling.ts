import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { invalidInput } from '../../platform/http/validation.js';
import { checkSource, type Source } from '../content/dynamic-fields.js';
import { PeopleFacts, type PersonFacts } from '../people/people-facts.js';
import { ContentsRepository } from './contents.repository.js';
import { EmailStore } from './email-store.js';
import type { EmailChange, StoredEmail } from './email-values.js';
import type { SendTime } from './schedule-input.js';
import { type Sender, SenderChoice } from './sender-choice.js';
import { type Foretold, letterFor, whyNotCopies } from './sendability.js';

/** To be scheduled, with whom it goes to: undefined when they are deleted. */
export interface ToSchedule {
  email: StoredEmail;
  person: PersonFacts | undefined;
  time: SendTime;
  /** It is edited and keeps its time: what put it off still holds. */
  keepsDue?: boolean;
}

/** Puts emails on their way. Those that cannot be sent go to Failed with their reason, and stop no other. */
@Injectable()
export class EmailScheduling {
  constructor(
    private readonly store: EmailStore,
    private readonly contents: ContentsRepository,
    private readonly senders: SenderChoice,
    private readonly facts: PeopleFacts,
    private readonly clock: Clock,
  ) {}

  /** The emails are locked. Answers the ids of those that were in a state for it. */
  async run(
    tx: Tx,
    { teamId, actor }: Principal,
    event: 'schedule' | 'retry',
    wanted: readonly ToSchedule[],
  ): Promise<Set<string>> {
    const author = { actor, at: this.clock.now() };
    const senders = await this.sendersOf(tx, teamId, wanted);
    const contentIds = wanted.map(({ email }) => email.contentId);
    const contents = await this.contents.byIds(tx, teamId, contentIds);
    for (const content of contents.values()) requireSendable(content);
    const addresses = wanted.flatMap(({ email }) => [...email.cc, ...email.bcc]);
    const suppressed = await this.facts.suppressed(tx, teamId, addresses);
    const told = await foretellAll(wanted, ({ email, person }) => {
      const copies = whyNotCopies(email, suppressed);
      if (copies) return { ok: false, ...copies };
      const letter = { ...requiredOf(contents, email.contentId), commercial: email.commercial };
      return letterFor(letter, person, requiredOf(senders, email.identityId).identity);
    });
    const moves = wanted.map((one, index) => ({
      id: one.email.id,
      set: changeOf(one, requiredOf(senders, one.email.identityId), told[index]),
    }));
    const moved = await this.store.move(tx, teamId, event, moves, author);
    const failing = moves.filter(({ id }, index) => moved.has(id) && told[index]?.ok === false);
    const fails = failing.map(({ id, set }) => ({ id, detail: set.reason ?? null }));
    await this.store.move(tx, teamId, 'fail', fails, author);
    return moved;
  }

  private async sendersOf(tx: Tx, teamId: string, wanted: readonly ToSchedule[]): Promise<Map<string | null, Sender>> {
    const senders = new Map<string | null, Sender>();
    for (const { email } of wanted) {
      if (senders.has(email.identityId)) continue;
      senders.set(email.identityId, await this.senders.require(tx, teamId, email.userId, email.identityId));
    }
    return senders;
  }
}

/** What would be wrong for everybody is refused, instead of failing them one by one. */
export function requireSendable(content: Source): void {
  if (content.body.trim() === '') throw invalidInput([{ field: 'body', message: 'is empty' }]);
  const problems = checkSource(content);
  if (problems.length > 0) throw invalidInput(problems.map(({ field, message }) => ({ field, message })));
}

const AT_A_TIME = 20;

/** A thousand letters take a second to render: others get their turn in between. */
export async function foretellAll<T>(items: readonly T[], tell: (item: T) => Foretold): Promise<Foretold[]> {
  const told: Foretold[] = [];
  for (const item of items) {
    if (told.length % AT_A_TIME === AT_A_TIME - 1) await turn();
    told.push(tell(item));
  }
  return told;
}

function changeOf(
  { email, person, time, keepsDue = false }: ToSchedule,
  { identity, channelId }: Sender,
  told: Foretold | undefined,
): EmailChange {
  const refused = told?.ok === false ? told : undefined;
  const kept = keepsDue && email.dueAt !== null;
  return {
    ...{ sendAt: time.at, timeZone: time.timeZone },
    ...{ dueAt: kept ? email.dueAt : time.at, attempts: kept ? email.attempts : 0 },
    ...{ identityId: identity.id, channelId },
    ...{ toName: person?.name ?? email.toName, toAddress: person ? person.email : email.toAddress },
    reason: refused?.reason ?? (kept ? email.reason : null),
    reasonDetail: refused ? refused.detail : kept ? email.reasonDetail : null,
  };
}

function requiredOf<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error('What an email refers to is not there.');
  return value;
}
