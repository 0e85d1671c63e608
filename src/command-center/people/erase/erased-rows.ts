import type { Tx } from '../../../platform/database/transactions.js';
import type { Erasure } from './people-erase.dto.js';

/** Somebody who is there or was deleted. Who is erased has no name any more; who was merged is erased with who stayed. */
export async function findErasable(
  tx: Tx,
  teamId: string,
  id: string,
): Promise<{ name: string; emails: string[] } | undefined> {
  const [row] = await tx.query<{ name: string; email: string | null; emails: string[] }>(
    `SELECT p.name, p.email,
       ARRAY(SELECT a.email FROM person_addresses a WHERE a.team_id = $1 AND a.person_id = $2) AS emails
     FROM people p WHERE p.team_id = $1 AND p.id = $2 AND p.name <> '' AND p.merged_into IS NULL FOR UPDATE`,
    [teamId, id],
  );
  return row && { name: row.name, emails: [...new Set([...row.emails, ...(row.email === null ? [] : [row.email])])] };
}

/**
 * All rows that are the same human, and all their addresses: who turned out to be the person, and people who were deleted
 * and had one of the addresses.
 */
export async function holdAllOf(
  tx: Tx,
  teamId: string,
  id: string,
  emails: readonly string[],
): Promise<{ ids: string[]; emails: string[] }> {
  const rows = await tx.query<{ id: string; email: string | null }>(
    `WITH RECURSIVE same (id) AS (
       SELECT id FROM people WHERE team_id = $1 AND (id = $2 OR (deleted_at IS NOT NULL AND email = ANY($3::text[])))
       UNION SELECT p.id FROM same s JOIN people p ON p.team_id = $1 AND p.merged_into = s.id)
     SELECT id, email FROM people WHERE team_id = $1 AND id IN (SELECT id FROM same) ORDER BY id FOR UPDATE`,
    [teamId, id, emails],
  );
  const all = rows.flatMap(({ email }) => (email === null ? [] : [email]));
  return { ids: rows.map((row) => row.id), emails: [...new Set([...emails, ...all])] };
}

/**
 * Their leads and contacts, by which alone files may know them: also those that wait for the team to come back to an org,
 * and, of who was deleted, those that they were imported by.
 */
export async function recordsOfAll(tx: Tx, teamId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT salesforce_id AS id FROM person_salesforce_records WHERE team_id = $1 AND person_id = ANY($2::uuid[])
     UNION SELECT key FROM set_aside_rows
     WHERE team_id = $1 AND source = 'person_salesforce_records' AND row ->> 'person_id' = ANY($2::text[])
     UNION SELECT record_id FROM people_import_rows
     WHERE team_id = $1 AND person_id = ANY($2::uuid[]) AND record_id IS NOT NULL`,
    [teamId, ids],
  );
  return rows.map(({ id }) => id);
}

/** What this room keeps of them; what becomes of suppressed addresses is not said here. */
export async function eraseOwnRows(
  tx: Tx,
  teamId: string,
  ids: readonly string[],
): Promise<Omit<Erasure, 'import_rows'>> {
  const gone = async (table: string) => {
    const sql = `DELETE FROM ${table} WHERE team_id = $1 AND person_id = ANY($2::uuid[]) RETURNING 1`;
    return (await tx.query(sql, [teamId, ids])).length;
  };
  for (const table of ['person_unsubscribes', 'person_authorizations', 'person_addresses']) await gone(table);
  return {
    notes: await gone('person_notes'),
    groups: await gone('group_members'),
    salesforce_records: await gone('person_salesforce_records'),
  };
}

/** The rows stay, for others refer to them; they say nothing any more. */
export async function emptyPeople(tx: Tx, teamId: string, ids: readonly string[], at: Date): Promise<void> {
  await tx.query(
    `UPDATE people SET name = '', email = NULL, first_name = NULL, last_name = NULL, title = NULL, company = NULL,
       phone = NULL, source = NULL, time_zone = NULL, custom = '{}', unsubscribed_at = NULL, owner_id = NULL, shared = false,
       merged_into = NULL, deleted_at = coalesce(deleted_at, $3), updated_at = $3, version = version + 1
     WHERE team_id = $1 AND id = ANY($2::uuid[])`,
    [teamId, ids, at],
  );
}
