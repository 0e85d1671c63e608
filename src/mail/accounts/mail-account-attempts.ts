import { Injectable } from '@nestjs/common';
import type { MailProvider } from '../../command-center/senders/channel-grant.entity.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { hashOfState, newOauthVisit, OAUTH_VISIT_MS } from '../../platform/secrets/oauth-visit.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';

export interface Attempt {
  teamId: string;
  userId: string;
  provider: MailProvider;
  forTeam: boolean;
}

export const contextOfAttempt = (stateHash: string): string => `mail_account_attempts:${stateHash}`;

/** Visits to a provider. Who reads the table cannot finish one: the state is hashed, the verifier sealed. */
@Injectable()
export class MailAccountAttempts {
  constructor(
    private readonly transactions: Transactions,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  async begin({ teamId, userId, provider, forTeam }: Attempt): Promise<{ state: string; codeVerifier: string }> {
    const { state, stateHash, codeVerifier } = newOauthVisit();
    const now = this.clock.now();
    await this.transactions.query('DELETE FROM mail_account_attempts WHERE expires_at < $1', [now]);
    await this.transactions.query(
      `INSERT INTO mail_account_attempts (state_hash, team_id, user_id, provider, for_team, code_verifier, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        ...[stateHash, teamId, userId, provider, forTeam],
        this.secrets.seal(codeVerifier, contextOfAttempt(stateHash)),
        new Date(now.getTime() + OAUTH_VISIT_MS),
      ],
    );
    return { state, codeVerifier };
  }

  /** Works once and for ten minutes: of two who come with the same state, one gets it. */
  async take(state: string): Promise<(Attempt & { codeVerifier: string }) | undefined> {
    const stateHash = hashOfState(state);
    const [row] = await this.transactions.query<Attempt & { sealed: string; expiresAt: Date }>(
      `DELETE FROM mail_account_attempts WHERE state_hash = $1 RETURNING team_id AS "teamId", user_id AS "userId",
         provider, for_team AS "forTeam", code_verifier AS sealed, expires_at AS "expiresAt"`,
      [stateHash],
    );
    if (!row || row.expiresAt <= this.clock.now()) return undefined;
    const { teamId, userId, provider, forTeam, sealed } = row;
    return { teamId, userId, provider, forTeam, codeVerifier: this.secrets.open(sealed, contextOfAttempt(stateHash)) };
  }
}
