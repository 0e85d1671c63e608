import type { Tx } from '../../../platform/database/transactions.js';

const OWNED = ['person_salesforce_records', 'person_notes', 'person_unsubscribes', 'person_authorizations'];

/** What people have in this room becomes another's. */
export async function moveOwnRows(tx: Tx, teamId: string, from: string, to: string): Promise<void> {
  const ids = [teamId, from, to];
  for (const table of OWNED) {
    await tx.query(`UPDATE ${table} SET person_id = $3 WHERE team_id = $1 AND person_id = $2`, ids);
  }
  await tx.query(
    `INSERT INTO group_members (team_id, group_id, person_id, added_at)
     SELECT team_id, group_id, $3, added_at FROM group_members WHERE team_id = $1 AND person_id = $2
     ORDER BY group_id ON CONFLICT DO NOTHING`,
    ids,
  );
  await tx.query('DELETE FROM group_members WHERE team_id = $1 AND person_id = $2', ids.slice(0, 2));
  // Who turned out to be the one who goes is the one who stays.
  await tx.query('UPDATE people SET merged_into = $3 WHERE team_id = $1 AND merged_into = $2', ids);
}

/** All are others, but the main one for somebody who had none. */
export async function moveAddresses(
  tx: Tx,
  teamId: string,
  from: string,
  to: string,
  main: string | null,
): Promise<void> {
  await tx.query(
    `UPDATE person_addresses SET person_id = $3, main = coalesce(email = $4, false)
     WHERE team_id = $1 AND person_id = ANY(ARRAY[$2, $3]::uuid[])`,
    [teamId, from, to, main],
  );
}
