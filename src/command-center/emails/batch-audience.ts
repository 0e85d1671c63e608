import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { PersonFacts } from '../people/people-facts.js';
import { GroupsService } from '../people/groups.service.js';
import {
  type BatchCheck,
  type BatchRecipients,
  type EmailPreview,
  GROUP_MAX,
  type PreviewEmail,
} from './email-batches.dto.js';
import type { Content } from './contents.repository.js';
import { foretellAll, requireSendable } from './email-scheduling.js';
import { EmailWords } from './email-words.js';
import { FAILURE_REASONS } from './failure-reasons.js';
import { Recipients } from './recipients.js';
import { letterFor, type LetterSender, type Unsendable } from './sendability.js';
import { SenderChoice } from './sender-choice.js';

/** Who gets a bulk email, what each of them gets, and, before anything is sent, who would not. */
@Injectable()
export class BatchAudience {
  constructor(
    private readonly transactions: Transactions,
    private readonly recipients: Recipients,
    private readonly groups: GroupsService,
    private readonly words: EmailWords,
    private readonly senders: SenderChoice,
  ) {}

  async of(tx: Tx, principal: Principal, input: BatchRecipients): Promise<PersonFacts[]> {
    requireKind(input);
    if (input.person_ids) return this.recipients.requireAll(tx, principal, input.person_ids, 'person_ids');
    const ids = await this.memberIds(tx, principal, input.group_id ?? '');
    if (ids.length > GROUP_MAX) {
      throw invalidInput([{ field: 'group_id', message: `has more than ${GROUP_MAX.toLocaleString('en')} people` }]);
    }
    if (ids.length === 0) throw invalidInput([{ field: 'group_id', message: 'is a group of nobody whom you see' }]);
    return this.recipients.requireAll(tx, principal, ids, 'group_id');
  }

  /** What each of them gets: the same for all who have no edit of their own. */
  lettersOf(people: readonly PersonFacts[], common: Content, { kind, edits = [] }: BatchRecipients): Content[] {
    if (kind === 'group' && edits.length > 0) {
      throw invalidInput([{ field: 'edits', message: 'is for a Select and Send only' }]);
    }
    const own = new Map(edits.map((edit) => [edit.person_id, edit]));
    const letters = people.map((person) => {
      const edit = own.get(person.id);
      own.delete(person.id);
      return edit ? { ...common, subject: edit.subject ?? common.subject, body: edit.body ?? common.body } : common;
    });
    const [stray] = own.keys();
    if (stray !== undefined) {
      const index = edits.findIndex((edit) => edit.person_id === stray);
      throw invalidInput([{ field: `edits.${index}.person_id`, message: 'is not among person_ids' }]);
    }
    return letters;
  }

  /** Who would not get it, and why, before it is sent. */
  async check(principal: Principal, input: BatchRecipients): Promise<BatchCheck> {
    return this.transactions.run(async (tx) => {
      const words = await this.words.of(tx, principal, input);
      const sender = await this.sender(tx, principal, input.identity_id ?? null);
      const people = await this.of(tx, principal, input);
      const letters = this.lettersOf(people, words, input);
      for (const letter of new Set(letters)) requireSendable(letter);
      const told = await foretellAll(
        people.map((person, index) => ({ person, letter: letters[index] ?? words })),
        ({ person, letter }) => letterFor({ ...letter, commercial: words.commercial }, person, sender),
      );
      const unsendable = people.flatMap(({ id, name, email }, index) => {
        const one = told[index];
        return one?.ok === false ? [{ person_id: id, name, email, reason: reasonOf(one) }] : [];
      });
      return { people: people.length, sendable: people.length - unsendable.length, unsendable };
    });
  }

  /** The letter as one person would get it. */
  async preview(principal: Principal, input: PreviewEmail): Promise<EmailPreview> {
    return this.transactions.run(async (tx) => {
      const words = await this.words.of(tx, principal, { ...input, subject: input.subject?.trim() || '(no subject)' });
      const person = await this.recipients.require(tx, principal, input.person_id);
      const sender = await this.sender(tx, principal, input.identity_id ?? null);
      const commercial = input.commercial ?? words.commercial;
      const told = letterFor({ ...words, commercial }, person, sender);
      if (!told.ok) return { email: null, reason: reasonOf(told) };
      const { subject, html, text } = told.letter;
      return { email: { subject, html, text }, reason: null };
    });
  }

  /** As whom it would leave; a sender who is not set up yet may look already. */
  private async sender(tx: Tx, principal: Principal, identityId: string | null): Promise<LetterSender> {
    const identity = await this.senders.identity(tx, principal.teamId, requireUser(principal), identityId);
    return identity ?? { name: '', email: '', signature: null };
  }

  private async memberIds(tx: Tx, principal: Principal, groupId: string): Promise<string[]> {
    try {
      return await this.groups.memberIds(tx, principal, groupId, GROUP_MAX + 1);
    } catch (error) {
      if (!(error instanceof ProductError) || error.code !== 'not_found') throw error;
      throw invalidInput([{ field: 'group_id', message: 'is no group that you see' }]);
    }
  }
}

function requireKind({ kind, ...input }: BatchRecipients): void {
  const [needed, other] =
    kind === 'select' ? (['person_ids', 'group_id'] as const) : (['group_id', 'person_ids'] as const);
  if (input[needed] === undefined) throw invalidInput([{ field: needed, message: `is needed for the kind ${kind}` }]);
  if (input[other] !== undefined) throw invalidInput([{ field: other, message: `does not go with the kind ${kind}` }]);
}

function reasonOf({ reason, detail }: Unsendable): { code: Unsendable['reason']; text: string; detail: string | null } {
  return { code: reason, text: FAILURE_REASONS[reason], detail };
}
