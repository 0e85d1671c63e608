import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transactions.js';
import { EmailStore } from '../email-store.js';
import { nextSlot } from './late.js';

const AT_ONCE = 500;

/** Emails whose time came while nobody was there to send them. */
@Injectable()
export class LateEmails {
  constructor(private readonly store: EmailStore) {}

  /**
   * Those that came due after `since` and are late by now, being due before `before`, leave at the same time of the next
   * day instead of in the middle of the night. Answers how many were moved; at most some hundred at once.
   */
  async postpone(
    tx: Tx,
    {
      teamId,
      channelId,
      since,
      before,
      now,
    }: { teamId: string; channelId: string; since: Date; before: Date; now: Date },
  ): Promise<number> {
    const rows = await tx.query<{ id: string; dueAt: Date; timeZone: string | null }>(
      `SELECT id, due_at AS "dueAt", time_zone AS "timeZone" FROM emails
       WHERE team_id = $1 AND channel_id = $2 AND state = 'scheduled' AND due_at > $3 AND due_at < $4
       ORDER BY due_at, id LIMIT $5 FOR NO KEY UPDATE SKIP LOCKED`,
      [teamId, channelId, since, before, AT_ONCE],
    );
    const edits = rows.map(({ id, dueAt, timeZone }) => ({
      ...{ id, set: { dueAt: nextSlot(dueAt, timeZone ?? 'UTC', now), reason: 'late' as const, reasonDetail: null } },
    }));
    await this.store.edit(tx, teamId, 'late', ['scheduled'], edits, { actor: null, at: now });
    return rows.length;
  }
}
