import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import type { MailKind } from './account-mail.entity.js';

/** The pipeline whose lanes are teams with mail to send. */
export const ACCOUNT_MAIL = 'account-mail';

const UPSERT = `ON CONFLICT (team_id, user_id, kind) DO UPDATE
  SET request = excluded.request, not_before = excluded.not_before, attempts = 0, last_error = NULL, given_up_at = NULL`;

/** What is to be mailed to people about their account. */
@Injectable()
export class AccountMails {
  constructor(
    private readonly transactions: Transactions,
    private readonly wakeUps: WakeUps,
    private readonly clock: Clock,
  ) {}

  async ask(tx: Tx, teamId: string, userId: string, kind: MailKind): Promise<void> {
    await tx.query(
      `INSERT INTO account_mails (team_id, user_id, kind, request, not_before) VALUES ($1, $2, $3, $4, $5) ${UPSERT}`,
      [teamId, userId, kind, uuidv7(), this.clock.now()],
    );
    this.wakeUps.wakeAfterCommit(tx, ACCOUNT_MAIL, teamId);
  }

  /** To whoever has this address, in each of their teams: one statement, whether there is such a person or not. */
  async askForNewPassword(email: string): Promise<void> {
    const rows = await this.transactions.query<{ team_id: string }>(
      `INSERT INTO account_mails (team_id, user_id, kind, request, not_before)
       SELECT u.team_id, u.id, 'password_reset', gen_random_uuid(), $2
       FROM users u JOIN teams t ON t.id = u.team_id AND t.deleted_at IS NULL
       WHERE u.email = $1 AND u.active ${UPSERT} RETURNING team_id`,
      [email, this.clock.now()],
    );
    for (const { team_id: teamId } of rows) this.wakeUps.wake(ACCOUNT_MAIL, teamId);
  }

  async drop(tx: Tx, teamId: string, userId: string): Promise<void> {
    await tx.query('DELETE FROM account_mails WHERE team_id = $1 AND user_id = $2', [teamId, userId]);
  }
}
