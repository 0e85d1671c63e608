import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { to15 } from '../ids.js';

export interface SessionUser {
  id: string;
  name: string;
  username: string;
  timeZone: string;
  isActive: boolean;
  /** Without it, a user sees the records they own and no others. */
  viewAllData: boolean;
}

/** Who an access token belongs to. */
export class Sessions {
  constructor(private readonly pool: pg.Pool) {}

  async open(orgId: string, userId: string, grantId: string | null): Promise<string> {
    const token = `${to15(orgId)}!AQ${randomBytes(36).toString('base64url')}`;
    await this.pool.query('INSERT INTO sf_session (token, user_id, grant_id) VALUES ($1, $2, $3)', [
      token,
      userId,
      grantId,
    ]);
    return token;
  }

  async userOf(token: string): Promise<SessionUser | undefined> {
    const { rows } = await this.pool.query<SessionUser>({
      name: 'session-user',
      text: `SELECT u.id, u.name, u.username, u.time_zone_sid_key AS "timeZone", u.is_active AS "isActive",
                    u.view_all_data AS "viewAllData"
             FROM sf_session s JOIN sf_user u ON u.id = s.user_id
             WHERE s.token = $1 AND NOT s.expired AND u.is_active`,
      values: [token],
    });
    return rows[0];
  }

  async expire(token: string): Promise<void> {
    await this.pool.query('UPDATE sf_session SET expired = true WHERE token = $1', [token]);
  }

  async expireAll(userId?: string): Promise<number> {
    const { rowCount } = await this.pool.query(
      'UPDATE sf_session SET expired = true WHERE NOT expired AND ($1::text IS NULL OR user_id = $1)',
      [userId ?? null],
    );
    return rowCount ?? 0;
  }
}
