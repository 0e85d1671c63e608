import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Transactions } from '../platform/database/transactions.js';
import { type Principal, type Scope, SCOPES } from './access.js';
import { isSecretOf, parseKey } from './api-key-text.js';
import { SessionsService } from './sessions/sessions.service.js';
import type { UserRole } from './user.entity.js';

interface KeyRow {
  team_id: string;
  id: string;
  hash: string;
  scopes: Scope[];
  last_used_at: Date | null;
  user_id: string | null;
  role: UserRole | null;
  time_zone: string | null;
}

const NOTED_EVERY_MS = 60_000;

/** Finds out who calls. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly sessions: SessionsService,
  ) {}

  /** Whose key this is; undefined when it is wrong, revoked, its user is not active, or its team is deleted. */
  async principalOf(keyText: string): Promise<Principal | undefined> {
    const parsed = parseKey(keyText);
    const row = parsed && (await this.findKey(parsed.prefix));
    if (!row || !isSecretOf(parsed.secret, row.hash)) return undefined;
    await this.noteUse(row);
    if (row.user_id === null) {
      const { team_id: teamId, scopes } = row;
      return { teamId, userId: null, role: 'admin', scopes, actor: `key:${row.id}`, timeZone: 'UTC' };
    }
    return {
      teamId: row.team_id,
      userId: row.user_id,
      role: row.role ?? 'member',
      scopes: SCOPES,
      actor: `user:${row.user_id}`,
      timeZone: row.time_zone ?? 'UTC',
    };
  }

  /** Whose session this is; undefined when it has ended, its user is not active, or its team is deleted. */
  async principalOfSession(token: string): Promise<Principal | undefined> {
    const owner = await this.sessions.ownerOf(token);
    return owner && { ...owner, scopes: SCOPES, actor: `user:${owner.userId}` };
  }

  private async findKey(prefix: string): Promise<KeyRow | undefined> {
    const [row] = await this.transactions.query<KeyRow>(
      `SELECT k.team_id, k.id, k.hash, k.scopes, k.last_used_at, k.user_id, u.role, u.time_zone
       FROM api_keys k JOIN teams t ON t.id = k.team_id AND t.deleted_at IS NULL
       LEFT JOIN users u ON u.team_id = k.team_id AND u.id = k.user_id
       WHERE k.prefix = $1 AND k.revoked_at IS NULL AND (k.user_id IS NULL OR u.active)`,
      [prefix],
    );
    return row;
  }

  /** At most once a minute: a busy key must not write a row with each request. */
  private async noteUse(key: KeyRow): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - NOTED_EVERY_MS);
    if (key.last_used_at && key.last_used_at > before) return;
    await this.transactions.query(
      `UPDATE api_keys SET last_used_at = $3
       WHERE team_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at <= $4)`,
      [key.team_id, key.id, now, before],
    );
  }
}
