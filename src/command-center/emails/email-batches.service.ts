import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { PeopleFacts, type PersonFacts } from '../people/people-facts.js';
import { BatchAudience } from './batch-audience.js';
import { type Content, ContentsRepository } from './contents.repository.js';
import { BatchQueries } from './email-batches.repository.js';
import type { CreateEmailBatch, EmailBatchView, UpdatedEmailBatch, UpdateEmailBatch } from './email-batches.dto.js';
import { EmailScheduling, foretellAll, requireSendable } from './email-scheduling.js';
import { EmailStore } from './email-store.js';
import { BLANK_EMAIL, type EmailFields, type StoredEmail } from './email-values.js';
import { EmailWords, type Words } from './email-words.js';
import { sendTimeOf } from './schedule-input.js';
import { type Sender, SenderChoice } from './sender-choice.js';
import { letterFor } from './sendability.js';

const NO_BATCH = 'There is no such bulk email, or it is somebody else’s.';

/** Select and Send, and Group Email: one transaction makes an email of its own for each recipient. */
@Injectable()
export class EmailBatches {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: EmailStore,
    private readonly contents: ContentsRepository,
    private readonly queries: BatchQueries,
    private readonly words: EmailWords,
    private readonly audience: BatchAudience,
    private readonly senders: SenderChoice,
    private readonly scheduling: EmailScheduling,
    private readonly facts: PeopleFacts,
    private readonly clock: Clock,
  ) {}

  /** Those who can be sent to are scheduled; the others are filed under Failed, each with the reason. */
  async create(principal: Principal, input: CreateEmailBatch): Promise<EmailBatchView> {
    const { teamId, actor } = principal;
    const userId = requireUser(principal);
    const [id, at] = [uuidv7(), this.clock.now()];
    return this.transactions.run(async (tx) => {
      const words = await this.words.of(tx, principal, input);
      const people = await this.audience.of(tx, principal, input);
      const sender = await this.senders.require(tx, teamId, userId, input.identity_id ?? null);
      const letters = this.audience.lettersOf(people, words, input);
      for (const letter of new Set(letters)) requireSendable(letter);
      const [contentId = '', ...contentIds] = await this.contents.add(tx, teamId, [words, ...letters]);
      const batch = { id, userId, kind: input.kind, subject: words.subject, contentId };
      await this.queries.insert(tx, teamId, batch, people.length, at);
      const common = { userId, kind: input.kind, batchId: id, words, sender };
      const emails = await this.emailsOf(principal, input, common, people, letters, contentIds);
      await this.store.insert(tx, teamId, emails, { actor, at });
      return this.view(tx, teamId, userId, id);
    });
  }

  async get(principal: Principal, id: string): Promise<EmailBatchView> {
    return this.view(this.transactions, principal.teamId, requireUser(principal), id);
  }

  /**
   * Changes all that have not left yet, edited ones as well: a bulk edit overwrites what was edited singly. What it leaves
   * out is as all have it, never what one of them has instead.
   */
  async update(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    input: UpdateEmailBatch,
  ): Promise<UpdatedEmailBatch> {
    const { teamId, actor } = principal;
    const userId = requireUser(principal);
    const at = this.clock.now();
    return this.transactions.run(async (tx) => {
      const batch = await this.queries.lock(tx, teamId, userId, id);
      if (!batch) throw new ProductError('not_found', NO_BATCH);
      requireIfMatch(ifMatch, batch.version);
      const waiting = await this.queries.waiting(tx, teamId, id);
      const emails = [...(await this.store.lock(tx, teamId, waiting)).values()].filter(
        ({ state }) => state === 'scheduled',
      );
      if (emails.length === 0)
        throw new ProductError('conflict', 'All emails of this bulk send have left, or are deleted.');
      if (batch.contentId === null) requireAllWords(input);
      const common = { ...batch, templateId: templateOf(emails, batch.contentId) };
      const set = await this.words.change(tx, principal, common, input);
      if (input.identity_id !== undefined) {
        set.identityId = (await this.senders.identity(tx, teamId, userId, input.identity_id))?.id ?? null;
      }
      const edits = emails.map((email) => ({ id: email.id, set }));
      await this.store.edit(tx, teamId, 'edited', ['scheduled'], edits, { actor, at });
      await this.queries.edited(tx, teamId, id, set);
      const before = new Set([batch.contentId ?? [], ...emails.map(({ contentId }) => contentId)].flat());
      if (set.contentId !== undefined) await this.contents.dropUnused(tx, teamId, [...before]);
      const after = emails.map((email) => ({ ...email, ...set }));
      const changed = await this.reschedule(tx, principal, after, input);
      return { ...(await this.view(tx, teamId, userId, id)), changed };
    });
  }

  private async reschedule(
    tx: Tx,
    principal: Principal,
    emails: readonly StoredEmail[],
    { schedule }: UpdateEmailBatch,
  ): Promise<number> {
    const now = this.clock.now();
    const people = await this.facts.held(
      tx,
      principal.teamId,
      emails.flatMap(({ personId }) => personId ?? []),
    );
    const wanted = emails.map((email) => {
      const person = people.get(email.personId ?? '');
      const kept = { at: email.sendAt ?? now, timeZone: email.timeZone ?? principal.timeZone };
      const zones = { own: principal.timeZone, recipient: person?.timeZone ?? null };
      const time = schedule === undefined ? kept : sendTimeOf(schedule, now, zones);
      return { email, person, time, keepsDue: schedule === undefined };
    });
    return (await this.scheduling.run(tx, principal, 'schedule', wanted)).size;
  }

  private async emailsOf(
    principal: Principal,
    { schedule = {} }: CreateEmailBatch,
    common: Pick<EmailFields, 'userId' | 'kind' | 'batchId'> & { words: Words; sender: Sender },
    people: readonly PersonFacts[],
    letters: readonly Content[],
    contentIds: readonly string[],
  ): Promise<(EmailFields & { id: string; state: 'scheduled' | 'failed' })[]> {
    const { words, sender, ...fields } = common;
    const { commercial, templateId } = words;
    const now = this.clock.now();
    const pairs = people.map((person, index) => ({ person, letter: letters[index] ?? words }));
    const told = await foretellAll(pairs, ({ person, letter }) =>
      letterFor({ ...letter, commercial }, person, sender.identity),
    );
    return pairs.map(({ person, letter }, index) => {
      const time = sendTimeOf(schedule, now, { own: principal.timeZone, recipient: person.timeZone });
      const one = told[index];
      const refused = one?.ok === false ? one : undefined;
      return {
        ...{ ...BLANK_EMAIL, ...fields, id: uuidv7(), state: refused ? 'failed' : 'scheduled' },
        ...{ templateId, commercial, contentId: contentIds[index] ?? '', subject: letter.subject },
        ...{ personId: person.id, toName: person.name, toAddress: person.email },
        ...{ identityId: sender.identity.id, channelId: sender.channelId },
        ...{ sendAt: time.at, dueAt: time.at, timeZone: time.timeZone },
        ...{ reason: refused?.reason ?? null, reasonDetail: refused?.detail ?? null },
      };
    });
  }

  private async view(reader: Pick<Tx, 'query'>, teamId: string, userId: string, id: string): Promise<EmailBatchView> {
    const view = await this.queries.view(reader, teamId, userId, id);
    if (!view) throw new ProductError('not_found', NO_BATCH);
    return view;
  }
}

/** Of what is not known nothing can stay: one of the emails may say what only one person is to read. */
function requireAllWords({ subject, body, attachments }: UpdateEmailBatch): void {
  if ([subject, body, attachments].every((given) => given === undefined)) return;
  const missing = Object.entries({ body, attachments }).filter(([, given]) => given === undefined);
  if (missing.length === 0) return;
  const message = 'must be said, too: what all of them had before was not kept';
  throw invalidInput(missing.map(([field]) => ({ field, message })));
}

/** What the common text was begun with. */
function templateOf(emails: readonly StoredEmail[], contentId: string | null): string | null {
  return emails.find((email) => email.contentId === contentId)?.templateId ?? null;
}
