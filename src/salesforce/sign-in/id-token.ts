import { createRemoteJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { isSalesforceId, prefixOf, to18 } from '../client/ids.js';
import { allowedLoginUrl } from '../connection/login-url.js';

/** Who signed in, as Salesforce signs it. */
export interface SalesforceIdentity {
  orgId: string;
  userId: string;
  /** The claim `sub`, which userinfo must repeat. */
  subject: string;
}

export interface Expected {
  audience: string;
  nonce: string;
  now: Date;
}

/** The token is not what was asked for; the message is for the log, not for whoever sent it. */
export class IdTokenError extends Error {
  override readonly name = 'IdTokenError';
}

/** Our clock and Salesforce's differ by this at most. */
const CLOCK_TOLERANCE_SECONDS = 60;
const KEYS_TIMEOUT_MS = 10_000;
/** The keys did not come, or were no JSON: Salesforce is to blame, not the token. */
const KEYS_FAILED = new Set<string>([errors.JWKSTimeout.code, errors.JOSEError.code]);

/**
 * Verifies an ID token (OpenID Connect Core, 3.1.3.7): Salesforce's signature, issuer, audience, times and our nonce.
 * `sub` is the identity URL, https://login.salesforce.com/id/ORG/USER.
 */
export async function verifyIdToken(
  token: string,
  keys: JWTVerifyGetKey,
  issuer: string,
  { audience, nonce, now }: Expected,
): Promise<SalesforceIdentity> {
  const { payload } = await jwtVerify(token, keys, {
    ...{ issuer, audience, algorithms: ['RS256'], currentDate: now, clockTolerance: CLOCK_TOLERANCE_SECONDS },
    requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
  }).catch((error: unknown) => {
    if (!(error instanceof errors.JOSEError) || KEYS_FAILED.has(error.code)) throw error;
    throw new IdTokenError(error.message);
  });
  if (payload['nonce'] !== nonce) throw new IdTokenError('The nonce is another one.');
  const subject = payload.sub ?? '';
  const [, orgId = '', userId = ''] = /\/id\/(\w+)\/(\w+)$/.exec(subject) ?? [];
  const isUser = isSalesforceId(userId) && prefixOf(userId) === '005';
  if (!isSalesforceId(orgId) || !isUser) throw new IdTokenError('The subject names no user of an org.');
  return { orgId: to18(orgId), userId: to18(userId), subject };
}

/** Who issued a token, as it says itself: only an address that one may log in at. */
export function issuerOf(token: string, hosts: readonly string[]): string {
  let issuer: string | undefined;
  try {
    issuer = decodeJwt(token).iss;
  } catch {
    throw new IdTokenError('It is no JWT.');
  }
  if (issuer === undefined || allowedLoginUrl(issuer, hosts) !== issuer) {
    throw new IdTokenError('It is issued by nobody whom we know.');
  }
  return issuer;
}

/** Salesforce's public keys, kept for ten minutes; a new one is looked for when it signs. */
export function keysOf(issuer: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL('/id/keys', issuer), { timeoutDuration: KEYS_TIMEOUT_MS });
}
