import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { inTransaction } from '../database.js';
import type { Org } from '../org.js';

/** An OAuth refusal: the code and sentence of RFC 6749, in Salesforce's words. */
export class OauthError extends Error {
  constructor(
    readonly code: string,
    description: string,
    readonly status = 400,
  ) {
    super(description);
  }
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  userId: string;
  scope: string;
}

interface Grant {
  id: string;
  userId: string;
  clientId: string;
  scope: string;
  revoked: boolean;
}

const newToken = (): string => `5Aep861${randomBytes(48).toString('base64url')}`;

/** What a user allowed a client: one refresh token at a time, and the sessions that came of it. */
export async function openGrant(org: Org, userId: string, scope: string): Promise<Tokens> {
  const id = randomBytes(12).toString('hex');
  const refreshToken = newToken();
  await org.pool.query(
    'INSERT INTO sf_grant (id, user_id, client_id, scope, refresh_token) VALUES ($1, $2, $3, $4, $5)',
    [id, userId, org.options.clientId, scope, refreshToken],
  );
  const accessToken = await org.sessions.open(org.id, userId, id);
  return { accessToken, refreshToken, userId, scope };
}

/**
 * Every refresh replaces the refresh token. Whoever shows one that was replaced may have stolen it, so the grant ends
 * with all its sessions, as Salesforce does with rotation on.
 */
export async function refreshGrant(org: Org, refreshToken: string): Promise<Tokens> {
  const rotated = await inTransaction(org.pool, async (tx) => {
    const { rows } = await tx.query<Grant>(
      `SELECT id, user_id AS "userId", client_id AS "clientId", scope, revoked
       FROM sf_grant WHERE refresh_token = $1 FOR UPDATE`,
      [refreshToken],
    );
    const [grant] = rows;
    if (!grant || grant.revoked) {
      await revokeReused(tx, refreshToken);
      return undefined;
    }
    const next = newToken();
    await tx.query('INSERT INTO sf_used_refresh_token (token, grant_id) VALUES ($1, $2)', [refreshToken, grant.id]);
    await tx.query('UPDATE sf_grant SET refresh_token = $2 WHERE id = $1', [grant.id, next]);
    return { grant, next };
  });
  if (!rotated) throw new OauthError('invalid_grant', 'expired access/refresh token');
  const { grant, next } = rotated;
  await refuseInactive(org, grant.userId);
  const accessToken = await org.sessions.open(org.id, grant.userId, grant.id);
  return { accessToken, refreshToken: next, userId: grant.userId, scope: grant.scope };
}

async function revokeReused(tx: pg.PoolClient, refreshToken: string): Promise<void> {
  const { rows } = await tx.query<{ grantId: string }>(
    'SELECT grant_id AS "grantId" FROM sf_used_refresh_token WHERE token = $1',
    [refreshToken],
  );
  if (rows[0]) await endGrant(tx, rows[0].grantId);
}

/** Ends what the token stands for: a refresh token its grant, an access token only itself. */
export async function revokeToken(org: Org, token: string): Promise<boolean> {
  return inTransaction(org.pool, async (tx) => {
    const { rows } = await tx.query<{ id: string }>('SELECT id FROM sf_grant WHERE refresh_token = $1', [token]);
    if (rows[0]) {
      await endGrant(tx, rows[0].id);
      return true;
    }
    const { rowCount } = await tx.query('UPDATE sf_session SET expired = true WHERE token = $1', [token]);
    return (rowCount ?? 0) > 0;
  });
}

async function endGrant(tx: pg.PoolClient, grantId: string): Promise<void> {
  await tx.query('UPDATE sf_grant SET revoked = true WHERE id = $1', [grantId]);
  await tx.query('UPDATE sf_session SET expired = true WHERE grant_id = $1', [grantId]);
}

export async function refuseInactive(org: Org, userId: string): Promise<void> {
  const { rows } = await org.pool.query<{ active: boolean }>('SELECT is_active AS active FROM sf_user WHERE id = $1', [
    userId,
  ]);
  if (rows[0]?.active !== true) throw new OauthError('inactive_user', 'user is inactive');
}

/** Codes wait a short time in memory: a restart between the two steps of a log-in is not worth a table. */
export interface Code {
  userId: string;
  redirectUri: string;
  scope: string;
  challenge: string | null;
  /** Of an OpenID Connect log-in. */
  nonce: string | null;
  expiresAt: number;
}

export function matchesChallenge(code: Code, verifier: string | null): boolean {
  if (code.challenge === null) return true;
  if (verifier === null) return false;
  return createHash('sha256').update(verifier).digest('base64url') === code.challenge.replace(/=+$/, '');
}
