import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Transactions } from '../platform/database/transactions.js';
import type { MailKind } from './mail/account-mail.entity.js';

/** How a user comes in, as admins see it. */
export interface UserStanding {
  lastSeenAt: Date | null;
  invitation: { state: 'mailing' | 'sent' | 'expired'; expiresAt: Date | null } | null;
  mailProblem: { kind: MailKind; reason: string; givenUp: boolean; nextTryAt: Date | null } | null;
}

interface Row {
  id: string;
  has_password: boolean;
  last_seen_at: Date | null;
  invited_until: Date | null;
  kind: MailKind | null;
  last_error: string | null;
  given_up_at: Date | null;
  not_before: Date | null;
  is_mailed: boolean;
  invitation_given_up_at: Date | null;
}

@Injectable()
export class UserStandings {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Of a page of users, in one statement. */
  async of(teamId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, UserStanding>> {
    const rows = await this.transactions.query<Row>(
      `SELECT u.id, p.user_id IS NOT NULL AS has_password, s.last_seen_at, k.invited_until, m.kind, m.last_error,
              m.given_up_at, m.not_before, i.user_id IS NOT NULL AS is_mailed, i.given_up_at AS invitation_given_up_at
       FROM users u
       LEFT JOIN user_passwords p ON p.team_id = u.team_id AND p.user_id = u.id
       LEFT JOIN LATERAL (SELECT max(s.last_seen_at) AS last_seen_at FROM sessions s
                          WHERE s.team_id = u.team_id AND s.user_id = u.id) s ON true
       LEFT JOIN LATERAL (SELECT max(k.expires_at) AS invited_until FROM account_tokens k
                          WHERE k.team_id = u.team_id AND k.user_id = u.id AND k.purpose = 'invitation') k ON true
       LEFT JOIN LATERAL (SELECT m.kind, m.last_error, m.given_up_at, m.not_before FROM account_mails m
                          WHERE m.team_id = u.team_id AND m.user_id = u.id
                          ORDER BY m.last_error IS NULL, m.kind LIMIT 1) m ON true
       LEFT JOIN account_mails i ON i.team_id = u.team_id AND i.user_id = u.id AND i.kind = 'invitation'
       WHERE u.team_id = $1 AND u.id = ANY($2::uuid[])`,
      [teamId, userIds],
    );
    const now = this.clock.now();
    return new Map(rows.map((row) => [row.id, standingOf(row, now)]));
  }
}

/** Pure. */
function standingOf(row: Row, now: Date): UserStanding {
  const { last_error: reason, kind, given_up_at: givenUpAt } = row;
  const failed = kind !== null && reason !== null;
  const nextTryAt = givenUpAt === null ? row.not_before : null;
  return {
    lastSeenAt: row.last_seen_at,
    invitation: invitationOf(row, now),
    mailProblem: failed ? { kind, reason, givenUp: givenUpAt !== null, nextTryAt } : null,
  };
}

function invitationOf(row: Row, now: Date): UserStanding['invitation'] {
  // Whoever came in by other means needs no invitation.
  if (row.has_password || row.last_seen_at !== null) return null;
  const { invited_until: until, is_mailed: isMailed, invitation_given_up_at: givenUpAt } = row;
  if (isMailed && givenUpAt === null) return { state: 'mailing', expiresAt: null };
  if (until === null) return null;
  return { state: until > now && givenUpAt === null ? 'sent' : 'expired', expiresAt: until };
}
