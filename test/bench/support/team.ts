import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { SecretBox } from '../../../src/platform/secrets/secret-box.js';
import { INTEGRATION_USER, ORG_ID, repId } from '../stand-in/org-data.js';

const KEY = Buffer.alloc(32, 7);
export const ENCRYPTION_KEYS = `bench:${KEY.toString('base64')}`;

/** The same ids in every database of a benchmark, so that floor and product can be compared. */
export interface Team {
  teamId: string;
  connectionId: string;
  userIds: string[];
}

export function newTeam(reps: number): Team {
  return { teamId: uuidv7(), connectionId: uuidv7(), userIds: Array.from({ length: reps }, () => uuidv7()) };
}

/** A team as it is after the log-in to Salesforce: reps matched, nobody enrolled yet. */
export async function seedTeam(databaseUrl: string, { teamId, connectionId, userIds }: Team, orgUrl: string) {
  const box = new SecretBox(new Map([['bench', KEY]]));
  const token = box.seal('00Dbench!token', `salesforce_connections:${connectionId}`);
  await withDatabase(databaseUrl, async (db) => {
    await db.query(`INSERT INTO teams (id, name) VALUES ($1, 'Northwind')`, [teamId]);
    await db.query(
      `INSERT INTO users (team_id, id, email, name, role)
       SELECT $1, u.id, 'rep' || u.n || '@example.com', 'Rep ' || u.n, 'member'
       FROM unnest($2::uuid[]) WITH ORDINALITY AS u (id, n)`,
      [teamId, userIds],
    );
    await db.query(
      `INSERT INTO salesforce_connections (team_id, id, org_id, login_url, instance_url, integration_user_id,
         integration_username, access_token) VALUES ($1, $2, $3, $4, $4, $5, 'integration', $6)`,
      [teamId, connectionId, ORG_ID, orgUrl, INTEGRATION_USER, token],
    );
    await db.query('INSERT INTO salesforce_org_states (team_id, connection_id) VALUES ($1, $2)', [
      teamId,
      connectionId,
    ]);
    await db.query(
      `INSERT INTO salesforce_user_matches (team_id, user_id, salesforce_user_id, salesforce_username, matched_by)
       SELECT $1, m.user_id, m.salesforce_id, m.salesforce_id, 'admin'
       FROM unnest($2::uuid[], $3::text[]) AS m (user_id, salesforce_id)`,
      [teamId, userIds, userIds.map((_, rep) => repId(rep))],
    );
    await db.query('ANALYZE');
  });
}

export async function withDatabase<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}
