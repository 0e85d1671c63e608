import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/transactions.js';
import type { SalesforceIdentity } from './id-token.js';

export interface OurUser {
  teamId: string;
  userId: string;
}

export interface MatchedUser extends OurUser {
  email: string;
  /** An admin said so; else the matching found it, by what a Salesforce user may have set for themselves. */
  byAdmin: boolean;
}

type Who = Pick<SalesforceIdentity, 'orgId' | 'userId'>;

const TEAM_OF_ORG = `salesforce_connections c
  JOIN teams t ON t.id = c.team_id AND t.deleted_at IS NULL`;

/** Who of ours a Salesforce user is: only in the team whose org it is. */
@Injectable()
export class IdentityUsers {
  /** By the match that an admin, or the matching, made. */
  async matched(reader: Reader, { orgId, userId }: Who): Promise<MatchedUser | undefined> {
    const [row] = await reader.query<MatchedUser>(
      `SELECT u.team_id AS "teamId", u.id AS "userId", u.email, m.matched_by = 'admin' AS "byAdmin" FROM ${TEAM_OF_ORG}
       JOIN salesforce_user_matches m ON m.team_id = c.team_id AND m.salesforce_user_id = $2
       JOIN users u ON u.team_id = m.team_id AND u.id = m.user_id AND u.active
       WHERE c.org_id = $1 AND c.status <> 'disconnected'`,
      [orgId, userId],
    );
    return row;
  }

  /** By an address that Salesforce has verified; whoever is matched with another Salesforce user is that one. */
  async addressed(reader: Reader, { orgId, userId }: Who, email: string): Promise<OurUser | undefined> {
    const [row] = await reader.query<OurUser>(
      `SELECT u.team_id AS "teamId", u.id AS "userId" FROM ${TEAM_OF_ORG}
       JOIN users u ON u.team_id = c.team_id AND u.email = $3 AND u.active
       WHERE c.org_id = $1 AND c.status <> 'disconnected' AND NOT EXISTS (
         SELECT 1 FROM salesforce_user_matches m
         WHERE m.team_id = c.team_id AND (m.user_id = u.id OR m.salesforce_user_id = $2))`,
      [orgId, userId, email],
    );
    return row;
  }

  async isConnected(reader: Reader, orgId: string): Promise<boolean> {
    const sql = `SELECT 1 FROM ${TEAM_OF_ORG} WHERE c.org_id = $1 AND c.status <> 'disconnected'`;
    return (await reader.query(sql, [orgId])).length > 0;
  }
}
