import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { PeopleFacts } from '../people/people-facts.js';
import type { BulkEmailResult, BulkEmails, EmailAction } from './email-bulk.dto.js';
import { EmailReads } from './email-reads.service.js';
import { EmailScheduling } from './email-scheduling.js';
import { type EmailState, notNow } from './email-state.js';
import { EmailStore } from './email-store.js';
import type { StoredEmail } from './email-values.js';
import type { EmailDetail } from './email-view.dto.js';

const NO_EMAIL = 'There is no such email, or it is somebody else’s.';
const SENT: readonly EmailState[] = ['delivered', 'archived'];

/** What is done to emails as they lie in their folders, one or many: an answer for each, and no bad one stops others. */
@Injectable()
export class EmailActions {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: EmailStore,
    private readonly scheduling: EmailScheduling,
    private readonly facts: PeopleFacts,
    private readonly reads: EmailReads,
    private readonly clock: Clock,
  ) {}

  /** One email; throws why not. */
  async one(principal: Principal, id: string, action: EmailAction, evenIfUncertain = false): Promise<void> {
    const [result] = await this.run(principal, { ids: [id], action, even_if_uncertain: evenIfUncertain });
    if (result?.error) throw new ProductError(result.error.code, result.error.detail);
  }

  async seen(principal: Principal, id: string, action: EmailAction, evenIfUncertain = false): Promise<EmailDetail> {
    await this.one(principal, id, action, evenIfUncertain);
    return this.reads.get(principal, id);
  }

  /** A result for each id, in their order. */
  async run(principal: Principal, input: BulkEmails): Promise<BulkEmailResult[]> {
    const userId = requireUser(principal);
    return this.transactions.run(async (tx) => {
      const emails = await this.store.lock(tx, principal.teamId, [...new Set(input.ids)]);
      for (const [id, email] of emails) if (email.userId !== userId || email.state === 'deleted') emails.delete(id);
      const refused = new Map<string, ProductError>();
      if (input.action === 'retry' && input.even_if_uncertain !== true) {
        for (const { id, state } of emails.values()) if (state === 'uncertain') refused.set(id, uncertain());
      }
      const acting = [...emails.values()].filter(({ id }) => !refused.has(id));
      const done = await this.act(tx, principal, input.action, acting, refused);
      return input.ids.map((id) => {
        const email = emails.get(id);
        if (!email) return failed(id, new ProductError('not_found', NO_EMAIL));
        return done.has(id) ? { id, ok: true } : failed(id, refused.get(id) ?? notNow(email.state));
      });
    });
  }

  private async act(
    tx: Tx,
    principal: Principal,
    action: EmailAction,
    emails: readonly StoredEmail[],
    refused: Map<string, ProductError>,
  ): Promise<Set<string>> {
    const { teamId, actor } = principal;
    const author = { actor, at: this.clock.now() };
    if (action === 'retry') return this.retry(tx, principal, emails, refused);
    if (action !== 'success' && action !== 'no_success') {
      return this.store.move(
        tx,
        teamId,
        action,
        emails.map(({ id }) => ({ id })),
        author,
      );
    }
    const successAt = action === 'success' ? author.at : null;
    const edits = emails.map(({ id }) => ({ id, set: { successAt } }));
    return this.store.edit(tx, teamId, action, SENT, edits, author);
  }

  /** Sends at once, after looking again at why it failed: what still stands in the way fails it anew. */
  private async retry(
    tx: Tx,
    principal: Principal,
    emails: readonly StoredEmail[],
    refused: Map<string, ProductError>,
  ): Promise<Set<string>> {
    const people = await this.facts.held(
      tx,
      principal.teamId,
      emails.flatMap(({ personId }) => personId ?? []),
    );
    const done = new Set<string>();
    // Emails from one address stand or fall together: the reason is the sender's, not theirs.
    for (const group of groupsOf(emails)) {
      const time = { at: this.clock.now(), timeZone: principal.timeZone };
      const wanted = group.map((email) => ({ email, person: people.get(email.personId ?? ''), time }));
      try {
        for (const id of await this.scheduling.run(tx, principal, 'retry', wanted)) done.add(id);
      } catch (error) {
        if (!(error instanceof ProductError)) throw error;
        for (const { id } of group) refused.set(id, error);
      }
    }
    return done;
  }
}

function groupsOf(emails: readonly StoredEmail[]): StoredEmail[][] {
  const groups = new Map<string, StoredEmail[]>();
  for (const email of emails) {
    const key = `${email.identityId} ${email.contentId}`;
    groups.set(key, [...(groups.get(key) ?? []), email]);
  }
  return [...groups.values()];
}

function failed(id: string, { code, message }: ProductError): BulkEmailResult {
  return { id, ok: false, error: { code, detail: message } };
}

function uncertain(): ProductError {
  const detail =
    'Nobody knows whether this email arrived: if it is sent again, it may arrive twice. Confirm that first.';
  return new ProductError('conflict', detail);
}
