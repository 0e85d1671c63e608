import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Clock } from '../platform/clock/clock.js';
import { Transactions } from '../platform/database/transactions.js';
import type { Principal } from './access.js';
import { Authenticator } from './authenticator.js';
import type { UserRole } from './user.entity.js';

const HOUR_MS = 3_600_000;

/** For answers that take hours: whether who was let in would still be let in. */
@Injectable()
export class PrincipalCheck {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** False also where the role or the scopes are others now: who comes again comes with the new ones. */
  async stillHolds(principal: Principal, authorization: string | undefined): Promise<boolean> {
    if (principal.sessionId !== undefined) return (await this.roleOfSession(principal)) === principal.role;
    const [, key] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    const now = key && (await this.authenticator.principalOf(key));
    if (!now) return false;
    return now.actor === principal.actor && now.role === principal.role && sameScopes(now, principal);
  }

  /** Counts as no use of the session: a page that nobody touches still runs out. */
  private async roleOfSession({ teamId, sessionId }: Principal): Promise<UserRole | undefined> {
    const now = this.clock.now();
    const idleSince = new Date(now.getTime() - this.config.get('SESSION_IDLE_HOURS') * HOUR_MS);
    const [row] = await this.transactions.query<{ role: UserRole }>(
      `SELECT u.role FROM sessions s JOIN teams t ON t.id = s.team_id AND t.deleted_at IS NULL
       JOIN users u ON u.team_id = s.team_id AND u.id = s.user_id AND u.active
       WHERE s.team_id = $1 AND s.id = $2 AND s.expires_at > $3 AND s.last_seen_at > $4`,
      [teamId, sessionId, now, idleSince],
    );
    return row?.role;
  }
}

function sameScopes(a: Principal, b: Principal): boolean {
  return a.scopes.length === b.scopes.length && a.scopes.every((scope) => b.scopes.includes(scope));
}
