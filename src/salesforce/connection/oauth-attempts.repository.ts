import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { hashOfState, newOauthVisit, OAUTH_VISIT_MS } from '../../platform/secrets/oauth-visit.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';

/** Who logs in, and where. */
export interface OauthAttempt {
  teamId: string;
  /** The admin who began; null: a key of the team. */
  userId: string | null;
  /** As the audit log names them: `user:<id>` or `key:<id>`. */
  actor: string;
  loginUrl: string;
  /** The org that the team is to leave, where another one may come; null: none may. */
  leaveOrg: string | null;
}

/** What the browser carries, and what proves that the code was asked for by us (PKCE). */
export interface OauthSecrets {
  state: string;
  codeVerifier: string;
}

/** Log-ins under way. Who reads the table cannot finish one: the state is hashed, the verifier sealed. */
@Injectable()
export class OauthAttempts {
  constructor(
    private readonly transactions: Transactions,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  async begin(attempt: OauthAttempt): Promise<OauthSecrets> {
    const { state, stateHash, codeVerifier } = newOauthVisit();
    const now = this.clock.now();
    await this.transactions.query('DELETE FROM salesforce_oauth_attempts WHERE expires_at < $1', [now]);
    await this.transactions.query(
      `INSERT INTO salesforce_oauth_attempts (state_hash, team_id, user_id, actor, login_url, leave_org, code_verifier, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[stateHash, attempt.teamId, attempt.userId, attempt.actor, attempt.loginUrl, attempt.leaveOrg],
        this.secrets.seal(codeVerifier, contextOfAttempt(stateHash)),
        new Date(now.getTime() + OAUTH_VISIT_MS),
      ],
    );
    return { state, codeVerifier };
  }

  /** Works once and for ten minutes: of two who come with the same state, one gets it. */
  async take(state: string): Promise<(OauthAttempt & Pick<OauthSecrets, 'codeVerifier'>) | undefined> {
    const stateHash = hashOfState(state);
    const [attempt] = await this.transactions.query<OauthAttempt & { codeVerifier: string; expiresAt: Date }>(
      `DELETE FROM salesforce_oauth_attempts WHERE state_hash = $1
       RETURNING team_id AS "teamId", user_id AS "userId", actor, login_url AS "loginUrl", leave_org AS "leaveOrg", code_verifier AS "codeVerifier",
                 expires_at AS "expiresAt"`,
      [stateHash],
    );
    if (!attempt || attempt.expiresAt <= this.clock.now()) return undefined;
    const { teamId, userId, actor, loginUrl, leaveOrg } = attempt;
    return {
      teamId,
      userId,
      actor,
      loginUrl,
      leaveOrg,
      codeVerifier: this.secrets.open(attempt.codeVerifier, contextOfAttempt(stateHash)),
    };
  }

  /** Those of a team end: their states are those of nobody. */
  async giveUp(tx: Tx, teamId: string): Promise<void> {
    await tx.query('DELETE FROM salesforce_oauth_attempts WHERE team_id = $1', [teamId]);
  }

  /** Whether the one who began may still finish. */
  async mayFinish({ teamId, userId, actor }: Pick<OauthAttempt, 'teamId' | 'userId' | 'actor'>): Promise<boolean> {
    if (userId === null) {
      const keys = await this.transactions.query(
        `SELECT 1 FROM api_keys WHERE team_id = $1 AND 'key:' || id = $2 AND revoked_at IS NULL`,
        [teamId, actor],
      );
      return keys.length > 0;
    }
    const rows = await this.transactions.query(
      `SELECT 1 FROM users WHERE team_id = $1 AND id = $2 AND active AND role = 'admin'`,
      [teamId, userId],
    );
    return rows.length > 0;
  }
}

export const contextOfAttempt = (stateHash: string): string => `salesforce_oauth_attempts:${stateHash}`;
