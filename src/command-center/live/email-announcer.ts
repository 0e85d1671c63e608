import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import { EmailListeners, type EmailWritten } from '../emails/email-listeners.js';
import type { Audience, LiveMessage } from './live-event.js';
import { LivePublisher } from './live-publisher.js';

/** More changed emails of a user than these in one transaction are one event that names none. */
const MANY = 20;

/** Tells open pages that emails are other than they were: their senders', and the admins', who may look as them. */
@Injectable()
export class EmailAnnouncer implements OnModuleInit {
  private readonly batches = new WeakMap<Tx, Map<string, Set<string>>>();

  constructor(
    private readonly listeners: EmailListeners,
    private readonly publisher: LivePublisher,
  ) {}

  onModuleInit(): void {
    this.listeners.register((tx, teamId, emails) => this.told(tx, teamId, emails));
  }

  private told(tx: Tx, teamId: string, emails: readonly EmailWritten[]): void {
    let batch = this.batches.get(tx);
    if (!batch) {
      const made = (batch = new Map<string, Set<string>>());
      this.batches.set(tx, made);
      this.publisher.publishAtCommit(tx, teamId, () => eventsOf(made));
    }
    for (const { id, userId, state } of emails) {
      // That one is leaving is told a moment later by what became of it.
      if (state === 'in_progress') continue;
      const ids = batch.get(userId) ?? new Set();
      batch.set(userId, ids.add(id));
    }
  }
}

/** Pure. */
function eventsOf(batch: ReadonlyMap<string, ReadonlySet<string>>): { message: LiveMessage; audience: Audience }[] {
  return [...batch].flatMap(([userId, ids]) =>
    (ids.size > MANY ? [null] : [...ids]).map((id) => ({
      message: { name: 'email' as const, data: { id, user_id: userId } },
      audience: { to: 'some' as const, users: [userId] },
    })),
  );
}
