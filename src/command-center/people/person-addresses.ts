import type { Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';

/** The other addresses of a person, in order. */
export function otherAddressesSql(person: string): string {
  return `ARRAY(SELECT a.email FROM person_addresses a
    WHERE a.team_id = ${person}.team_id AND a.person_id = ${person}.id AND NOT a.main ORDER BY a.email)`;
}

/** The ids of those one of whose other addresses is like the pattern; the main one is searched with the name. */
export function alsoFoundSql(team: string, pattern: string): string {
  return `ARRAY(SELECT a.person_id FROM person_addresses a
    WHERE a.team_id = ${team} AND NOT a.main AND a.email LIKE lower(${pattern}))`;
}

/** That an address is this person's and nobody else's; one that is theirs already becomes what `as` says. */
export async function claimAddress(
  tx: Tx,
  teamId: string,
  personId: string,
  email: string,
  as: 'main' | 'other',
): Promise<void> {
  const claimed = await tx.query(
    `INSERT INTO person_addresses AS a (team_id, email, person_id, main) VALUES ($1, $2, $3, $4)
     ON CONFLICT (team_id, email) DO UPDATE SET main = excluded.main WHERE a.person_id = excluded.person_id RETURNING 1`,
    [teamId, email, personId, as === 'main'],
  );
  if (claimed.length === 0) throw takenAddress();
}

/** The main address is another one, or none: the one before is nobody's any more. */
export async function replaceMainAddress(
  tx: Tx,
  teamId: string,
  personId: string,
  email: string | null,
): Promise<void> {
  await tx.query('DELETE FROM person_addresses WHERE team_id = $1 AND person_id = $2 AND main', [teamId, personId]);
  if (email !== null) await claimAddress(tx, teamId, personId, email, 'main');
}

/**
 * Main addresses for the people in `wanted` (id, email), made in the same statement; answers those that were nobody's.
 * In their order, so that two callers wait for each other in one direction only.
 */
export function claimAllSql(team: string, wanted: string): string {
  return `INSERT INTO person_addresses (team_id, email, person_id, main)
    SELECT ${team}, email, id, true FROM ${wanted} WHERE email IS NOT NULL ORDER BY email
    ON CONFLICT DO NOTHING RETURNING email`;
}

export async function releaseAddress(tx: Tx, teamId: string, personId: string, email: string): Promise<void> {
  const sql = 'DELETE FROM person_addresses WHERE team_id = $1 AND person_id = $2 AND email = $3';
  await tx.query(sql, [teamId, personId, email]);
}

/** Of somebody who goes: others may have them. */
export async function releaseAddresses(tx: Tx, teamId: string, personId: string): Promise<void> {
  await tx.query('DELETE FROM person_addresses WHERE team_id = $1 AND person_id = $2', [teamId, personId]);
}

export function takenAddress(): ProductError {
  const fields = [{ field: 'email', message: 'is taken' }];
  return new ProductError('conflict', 'Your team has a person with this email address already.', fields);
}
