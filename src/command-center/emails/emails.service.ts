import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { invalidInput } from '../../platform/http/validation.js';
import { ContentsRepository } from './contents.repository.js';
import { EmailReads } from './email-reads.service.js';
import { EmailScheduling } from './email-scheduling.js';
import { type EmailState, notNow } from './email-state.js';
import { EmailStore } from './email-store.js';
import { BLANK_EMAIL, type EmailChange, type StoredEmail } from './email-values.js';
import type { EmailDetail } from './email-view.dto.js';
import { EmailWords } from './email-words.js';
import type { CreateEmail, EmailInput, Schedule, UpdateEmail } from './emails.dto.js';
import { Recipients } from './recipients.js';
import { sendTimeOf } from './schedule-input.js';
import { SenderChoice } from './sender-choice.js';

export const NO_EMAIL = 'There is no such email, or it is somebody else’s.';

/** Where the words of an email can still change. */
const WRITABLE: readonly EmailState[] = ['draft', 'scheduled'];
const WORDS = ['subject', 'body', 'template_id', 'attachments'] as const;

/** Emails one by one: written, changed, sent now or later. Each act is one transaction. */
@Injectable()
export class EmailsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: EmailStore,
    private readonly contents: ContentsRepository,
    private readonly words: EmailWords,
    private readonly recipients: Recipients,
    private readonly senders: SenderChoice,
    private readonly scheduling: EmailScheduling,
    private readonly reads: EmailReads,
    private readonly clock: Clock,
  ) {}

  /** A draft, or, with a schedule, an email on its way. */
  async create(principal: Principal, input: CreateEmail): Promise<EmailDetail> {
    const { teamId, actor } = principal;
    const userId = requireUser(principal);
    const [id, at] = [uuidv7(), this.clock.now()];
    await this.transactions.run(async (tx) => {
      const origin = await this.words.origin(tx, principal, input.reply_to_id ?? null);
      const words = await this.words.of(tx, principal, input, origin);
      const personId = input.person_id ?? origin?.personId ?? null;
      if (origin && personId !== origin.personId) {
        throw invalidInput([{ field: 'person_id', message: 'is not the person of the email that this follows up' }]);
      }
      const person = await this.recipients.require(tx, principal, personId);
      const identity = await this.senders.identity(tx, teamId, userId, input.identity_id ?? origin?.identityId ?? null);
      const [contentId = ''] = await this.contents.add(tx, teamId, [words]);
      const email = {
        ...BLANK_EMAIL,
        ...{ id, userId, kind: 'single' as const, contentId, personId, subject: words.subject },
        ...{ toName: person.name, toAddress: person.email, cc: input.cc ?? [], bcc: input.bcc ?? [] },
        ...{ replyToId: origin?.id ?? null, templateId: words.templateId, commercial: words.commercial },
        ...{ identityId: identity?.id ?? null, state: 'draft' as const },
      };
      await this.store.insert(tx, teamId, [email], { actor, at });
      if (input.schedule) await this.dispatch(tx, principal, { ...email, version: 1 }, input.schedule);
    });
    return this.reads.get(principal, id);
  }

  /** Changes a draft, or an email that has not left yet, which stays scheduled. */
  async update(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    input: UpdateEmail,
  ): Promise<EmailDetail> {
    const { teamId, actor } = principal;
    await this.transactions.run(async (tx) => {
      const before = await this.requireWritable(tx, principal, id);
      requireIfMatch(ifMatch, before.version);
      if (before.kind === 'group') {
        throw new ProductError('conflict', 'An email of a group is changed with all others of its group email.');
      }
      if (input.schedule && before.state === 'draft') {
        throw invalidInput([{ field: 'schedule', message: 'is for emails that are scheduled: schedule this draft' }]);
      }
      const set = await this.changesOf(tx, principal, before, input);
      await this.store.edit(tx, teamId, 'edited', WRITABLE, [{ id, set }], { actor, at: this.clock.now() });
      if (set.contentId !== undefined) await this.contents.dropUnused(tx, teamId, [before.contentId]);
      if (before.state === 'scheduled') await this.dispatch(tx, principal, { ...before, ...set }, input.schedule);
    });
    return this.reads.get(principal, id);
  }

  /** Schedules a draft, or gives a scheduled email another time. */
  async schedule(principal: Principal, id: string, schedule: Schedule): Promise<EmailDetail> {
    await this.transactions.run(async (tx) => {
      await this.dispatch(tx, principal, await this.requireWritable(tx, principal, id), schedule);
    });
    return this.reads.get(principal, id);
  }

  /** Back to the drafts, as long as it has not left. Bulk emails are never drafts. */
  async unschedule(principal: Principal, id: string): Promise<EmailDetail> {
    const { teamId, actor } = principal;
    await this.transactions.run(async (tx) => {
      const email = await this.requireOwn(tx, principal, id);
      if (email.kind !== 'single') {
        throw new ProductError('conflict', 'An email of a bulk send is never a draft: delete it instead.');
      }
      const set: EmailChange = { sendAt: null, dueAt: null, channelId: null, reason: null, reasonDetail: null };
      const moved = await this.store.move(tx, teamId, 'unschedule', [{ id, set }], { actor, at: this.clock.now() });
      if (!moved.has(id) && email.state !== 'draft') throw notNow(email.state);
    });
    return this.reads.get(principal, id);
  }

  private async requireOwn(tx: Tx, principal: Principal, id: string): Promise<StoredEmail> {
    const userId = requireUser(principal);
    const email = (await this.store.lock(tx, principal.teamId, [id])).get(id);
    if (!email || email.userId !== userId || email.state === 'deleted') {
      throw new ProductError('not_found', NO_EMAIL);
    }
    return email;
  }

  private async requireWritable(tx: Tx, principal: Principal, id: string): Promise<StoredEmail> {
    const email = await this.requireOwn(tx, principal, id);
    if (!WRITABLE.includes(email.state)) throw notNow(email.state);
    return email;
  }

  /** On its way at that time; without one, at the time that it has already. */
  private async dispatch(tx: Tx, principal: Principal, email: StoredEmail, schedule?: Schedule): Promise<void> {
    const person = await this.recipients.require(tx, principal, email.personId);
    const time =
      schedule === undefined && email.sendAt !== null
        ? { at: email.sendAt, timeZone: email.timeZone ?? principal.timeZone }
        : sendTimeOf(schedule ?? {}, this.clock.now(), { own: principal.timeZone, recipient: person.timeZone });
    const keepsDue = schedule === undefined && email.sendAt !== null;
    await this.scheduling.run(tx, principal, 'schedule', [{ email, person, time, keepsDue }]);
  }

  private async changesOf(tx: Tx, principal: Principal, before: StoredEmail, input: EmailInput): Promise<EmailChange> {
    const { teamId } = principal;
    const set: EmailChange = {};
    if (WORDS.some((field) => input[field] !== undefined)) {
      Object.assign(set, await this.words.change(tx, principal, before, input));
    }
    if (input.person_id !== undefined && input.person_id !== before.personId) {
      if (before.kind !== 'single') {
        throw invalidInput([{ field: 'person_id', message: 'stays as it is in a bulk send' }]);
      }
      const person = await this.recipients.require(tx, principal, input.person_id);
      // A thread is with one person.
      Object.assign(set, { personId: person.id, toName: person.name, toAddress: person.email, replyToId: null });
    }
    if (input.identity_id !== undefined) {
      set.identityId = (await this.senders.identity(tx, teamId, before.userId, input.identity_id))?.id ?? null;
    }
    if (input.cc !== undefined) set.cc = input.cc;
    if (input.bcc !== undefined) set.bcc = input.bcc;
    return set;
  }
}
