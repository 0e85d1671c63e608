import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { OurUser, StoredMatch } from './user-matching.js';

const COLUMNS = `user_id AS "userId", salesforce_user_id AS "salesforceUserId",
  salesforce_username AS "salesforceUsername", matched_by AS "matchedBy"`;

@Injectable()
export class UserMatches {
  constructor(private readonly transactions: Transactions) {}

  async list(teamId: string): Promise<StoredMatch[]> {
    const sql = `SELECT ${COLUMNS} FROM salesforce_user_matches WHERE team_id = $1`;
    return this.transactions.query<StoredMatch>(sql, [teamId]);
  }

  /** Everybody who works here; in the order of their making. */
  async activeUsers(teamId: string): Promise<OurUser[]> {
    const sql = 'SELECT id, name, email FROM users WHERE team_id = $1 AND active ORDER BY id';
    return this.transactions.query<OurUser>(sql, [teamId]);
  }

  async nameOf(teamId: string, userId: string): Promise<string | undefined> {
    const sql = 'SELECT name FROM users WHERE team_id = $1 AND id = $2';
    return (await this.transactions.query<{ name: string }>(sql, [teamId, userId]))[0]?.name;
  }

  async holderOf(teamId: string, salesforceUserId: string): Promise<OurUser | undefined> {
    const [row] = await this.transactions.query<OurUser>(
      `SELECT u.id, u.name, u.email FROM salesforce_user_matches m
       JOIN users u ON u.team_id = m.team_id AND u.id = m.user_id
       WHERE m.team_id = $1 AND m.salesforce_user_id = $2`,
      [teamId, salesforceUserId],
    );
    return row;
  }

  async lock(tx: Tx, teamId: string, userId: string): Promise<StoredMatch | undefined> {
    const sql = `SELECT ${COLUMNS} FROM salesforce_user_matches WHERE team_id = $1 AND user_id = $2 FOR UPDATE`;
    return (await tx.query<StoredMatch>(sql, [teamId, userId]))[0];
  }

  /** Adds a match unless either side has one by now. Answers whether it did. */
  async add(tx: Tx, teamId: string, match: StoredMatch, at: Date): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO salesforce_user_matches
         (team_id, user_id, salesforce_user_id, salesforce_username, matched_by, matched_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING user_id`,
      [teamId, match.userId, match.salesforceUserId, match.salesforceUsername, match.matchedBy, at],
    );
    return rows.length > 0;
  }

  async put(tx: Tx, teamId: string, match: StoredMatch, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO salesforce_user_matches
         (team_id, user_id, salesforce_user_id, salesforce_username, matched_by, matched_at)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (team_id, user_id) DO UPDATE SET
         salesforce_user_id = excluded.salesforce_user_id, salesforce_username = excluded.salesforce_username,
         matched_by = excluded.matched_by, matched_at = excluded.matched_at`,
      [teamId, match.userId, match.salesforceUserId, match.salesforceUsername, match.matchedBy, at],
    );
  }

  async remove(tx: Tx, teamId: string, userId: string): Promise<void> {
    await tx.query('DELETE FROM salesforce_user_matches WHERE team_id = $1 AND user_id = $2', [teamId, userId]);
  }
}
