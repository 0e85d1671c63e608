import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { ProductError } from '../platform/errors/product-error.js';
import { invalidInput } from '../platform/http/validation.js';
import { Mailer } from '../platform/mail/mailer.js';
import { Audit } from './audit/audit.js';
import { AccountMails } from './mail/account-mails.js';
import { AccountTokens } from './sessions/account-tokens.service.js';
import { hashPassword, isPasswordOf, passwordFault } from './sessions/password-hash.js';
import { SessionsService } from './sessions/sessions.service.js';
import type { SignedIn } from './sessions/sign-in.service.js';

export interface PasswordChange {
  teamId: string;
  userId: string;
  current: string;
  wanted: string;
  /** The session that stays. */
  sessionId: string | null;
}

/** How people come to a password. A new one ends their other sessions and all links that they got. */
@Injectable()
export class PasswordsService {
  private readonly logger = new Logger(PasswordsService.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly tokens: AccountTokens,
    private readonly sessions: SessionsService,
    private readonly mails: AccountMails,
    private readonly mailer: Mailer,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Answers the same, as fast, whether somebody has the address. */
  async askForReset(email: string): Promise<void> {
    if (!this.mailer.configured) {
      this.logger.warn('somebody asked for a new password, but no mail can be sent: set SMTP_URL');
      return;
    }
    await this.mails.askForNewPassword(email);
  }

  /** With the secret of an invitation or of a link for a new password; who sets it is signed in. */
  async setWithLink(token: string, password: string, userAgent: string): Promise<SignedIn> {
    return this.transactions.run(async (tx) => {
      const who = await this.tokens.take(tx, token, ['invitation', 'password_reset']);
      await this.replace(tx, who.teamId, who.userId, password, { field: 'password', keep: null });
      const target = { type: 'user', id: who.userId };
      await this.audit.record(tx, {
        teamId: who.teamId,
        actor: `user:${who.userId}`,
        action: 'user.password_set',
        target,
      });
      const session = await this.sessions.open(tx, { ...who, method: 'password', userAgent });
      return { ...who, session };
    });
  }

  async change({ teamId, userId, current, wanted, sessionId }: PasswordChange): Promise<void> {
    const [kept] = await this.transactions.query<{ hash: string }>(
      'SELECT hash FROM user_passwords WHERE team_id = $1 AND user_id = $2',
      [teamId, userId],
    );
    if (!(await isPasswordOf(current, kept?.hash ?? null))) {
      throw invalidInput([{ field: 'current_password', message: 'is not your password' }]);
    }
    await this.transactions.run((tx) =>
      this.replace(tx, teamId, userId, wanted, { field: 'new_password', keep: sessionId }),
    );
  }

  private async replace(
    tx: Tx,
    teamId: string,
    userId: string,
    password: string,
    { field, keep }: { field: string; keep: string | null },
  ): Promise<void> {
    const [user] = await tx.query<{ email: string }>(
      'SELECT email FROM users WHERE team_id = $1 AND id = $2 AND active FOR NO KEY UPDATE',
      [teamId, userId],
    );
    if (!user) throw new ProductError('link_expired');
    const fault = passwordFault(password, user.email);
    if (fault !== undefined) throw invalidInput([{ field, message: fault }]);
    await tx.query(
      `INSERT INTO user_passwords (team_id, user_id, hash, set_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (team_id, user_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at`,
      [teamId, userId, await hashPassword(password), this.clock.now()],
    );
    await this.sessions.revokeAll(tx, teamId, userId, keep);
    await this.tokens.revokeAll(tx, teamId, userId, ['invitation', 'password_reset', 'sign_in']);
    await this.mails.drop(tx, teamId, userId);
  }
}
