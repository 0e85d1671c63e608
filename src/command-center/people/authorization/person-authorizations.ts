import { v7 as uuidv7 } from 'uuid';
import type { Reader, Tx } from '../../../platform/database/transactions.js';
import type { AuthorizationType } from './person-authorization.entity.js';

export interface Authorization {
  type: AuthorizationType | null;
  source: string | null;
  consentedOn: string | null;
  purpose: string | null;
}

export interface AuthorizationRow extends Authorization {
  id: string;
  actor: string;
  at: Date;
}

export const NO_AUTHORIZATION: Authorization = { type: null, source: null, consentedOn: null, purpose: null };

const SELECTED = 'id, type, source, consented_on AS "consentedOn", purpose, actor, at';

/** What holds for each of these people now; those for whom nothing does are left out. */
export async function authorizationsOf(
  reader: Reader,
  teamId: string,
  personIds: readonly string[],
): Promise<Map<string, AuthorizationRow & { type: AuthorizationType }>> {
  const rows = await reader.query<AuthorizationRow & { type: AuthorizationType; personId: string }>(
    `SELECT p.id AS "personId", latest.* FROM unnest($2::uuid[]) AS p (id) CROSS JOIN LATERAL (
       SELECT ${SELECTED} FROM person_authorizations WHERE team_id = $1 AND person_id = p.id ORDER BY id DESC LIMIT 1
     ) latest WHERE latest.type IS NOT NULL`,
    [teamId, personIds],
  );
  return new Map(rows.map(({ personId, ...row }) => [personId, row]));
}

/** Newest first; one more than `limit` when there is one. */
export async function authorizationHistory(
  reader: Reader,
  teamId: string,
  personId: string,
  slice: { after: string | null; limit: number },
): Promise<AuthorizationRow[]> {
  return reader.query<AuthorizationRow>(
    `SELECT ${SELECTED} FROM person_authorizations
     WHERE team_id = $1 AND person_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    [teamId, personId, slice.after, slice.limit + 1],
  );
}

export async function authorize(
  tx: Tx,
  teamId: string,
  personId: string,
  { type, source, consentedOn, purpose }: Authorization,
  by: { actor: string; at: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO person_authorizations (team_id, id, person_id, type, source, consented_on, purpose, actor, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [teamId, uuidv7(), personId, type, source, consentedOn, purpose, by.actor, by.at],
  );
}

export function sameAuthorization(one: Authorization, other: Authorization): boolean {
  const fields = ['type', 'source', 'consentedOn', 'purpose'] as const;
  return fields.every((field) => one[field] === other[field]);
}
