import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Transactions } from '../../platform/database/transactions.js';

export interface OauthAttempt {
  teamId: string;
  /** The admin who began; null: a key of the team. */
  userId: string | null;
  loginUrl: string;
  /** Sealed. */
  codeVerifier: string;
  expiresAt: Date;
}

/** Only this is stored: who reads the table cannot finish somebody's log-in. */
export const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');

@Injectable()
export class OauthAttempts {
  constructor(private readonly transactions: Transactions) {}

  async add(stateHash: string, attempt: OauthAttempt, now: Date): Promise<void> {
    await this.transactions.query('DELETE FROM salesforce_oauth_attempts WHERE expires_at < $1', [now]);
    await this.transactions.query(
      `INSERT INTO salesforce_oauth_attempts (state_hash, team_id, user_id, login_url, code_verifier, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [stateHash, attempt.teamId, attempt.userId, attempt.loginUrl, attempt.codeVerifier, attempt.expiresAt],
    );
  }

  /** Works once: of two who come with the same state, one gets it. */
  async take(stateHash: string): Promise<OauthAttempt | undefined> {
    const [attempt] = await this.transactions.query<OauthAttempt>(
      `DELETE FROM salesforce_oauth_attempts WHERE state_hash = $1
       RETURNING team_id AS "teamId", user_id AS "userId", login_url AS "loginUrl", code_verifier AS "codeVerifier",
                 expires_at AS "expiresAt"`,
      [stateHash],
    );
    return attempt;
  }

  /** Whether the one who began may still finish. */
  async mayFinish({ teamId, userId }: OauthAttempt): Promise<boolean> {
    if (userId === null) return true;
    const rows = await this.transactions.query(
      `SELECT 1 FROM users WHERE team_id = $1 AND id = $2 AND active AND role = 'admin'`,
      [teamId, userId],
    );
    return rows.length > 0;
  }
}
