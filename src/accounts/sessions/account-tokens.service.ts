import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { AccountToken, type TokenPurpose } from './account-token.entity.js';
import { hashOfToken, newSecretToken } from './secret-token.js';

export interface NewAccountToken {
  teamId: string;
  userId: string;
  purpose: TokenPurpose;
  validMs: number;
  uses?: number;
}

interface TokenOwner {
  team_id: string;
  user_id: string;
  purpose: TokenPurpose;
}

/** The secrets of links: invitations, new passwords, signing in. */
@Injectable()
export class AccountTokens {
  constructor(private readonly clock: Clock) {}

  /** The secret of a new link; whoever has it acts as that person, until it is used or too old. */
  async issue(tx: Tx, { teamId, userId, purpose, validMs, uses = 1 }: NewAccountToken): Promise<string> {
    const now = this.clock.now();
    // Of this purpose only: an invitation that has expired is still to be seen as one.
    await tx.query(
      'DELETE FROM account_tokens WHERE team_id = $1 AND user_id = $2 AND purpose = $3 AND expires_at <= $4',
      [teamId, userId, purpose, now],
    );
    const { token, hash: tokenHash } = newSecretToken();
    const expiresAt = new Date(now.getTime() + validMs);
    const of = { teamId, id: uuidv7(), userId, purpose };
    await tx.manager.insert(AccountToken, { ...of, tokenHash, usesLeft: uses, createdAt: now, expiresAt });
    return token;
  }

  /** Uses a link up; of two who follow it at once, one gets in. */
  async take(tx: Tx, token: string, purposes: readonly TokenPurpose[]): Promise<{ teamId: string; userId: string }> {
    const [row] = await tx.query<TokenOwner>(
      `UPDATE account_tokens k SET uses_left = k.uses_left - 1
       FROM users u, teams t
       WHERE k.token_hash = $1 AND k.purpose = ANY($2) AND k.uses_left > 0 AND k.expires_at > $3
         AND u.team_id = k.team_id AND u.id = k.user_id AND u.active AND t.id = k.team_id AND t.deleted_at IS NULL
       RETURNING k.team_id, k.user_id, k.purpose`,
      [hashOfToken(token), [...purposes], this.clock.now()],
    );
    if (!row) throw new ProductError('link_expired');
    return { teamId: row.team_id, userId: row.user_id };
  }

  /** No link of these purposes that a person got works any more. */
  async revokeAll(tx: Tx, teamId: string, userId: string, purposes: readonly TokenPurpose[]): Promise<void> {
    await tx.query('DELETE FROM account_tokens WHERE team_id = $1 AND user_id = $2 AND purpose = ANY($3)', [
      teamId,
      userId,
      [...purposes],
    ]);
  }
}
