import { createHash, randomBytes } from 'node:crypto';

/** How long somebody may stay at another service's log-in, in milliseconds. */
export const OAUTH_VISIT_MS = 10 * 60_000;

/**
 * The secrets of one visit (RFC 6749, RFC 7636): `state` goes with the browser and is kept as its hash; `codeVerifier`
 * never leaves us before the code has come, and is kept sealed.
 */
export function newOauthVisit(): { state: string; stateHash: string; codeVerifier: string } {
  const state = randomBytes(32).toString('base64url');
  return { state, stateHash: hashOfState(state), codeVerifier: randomBytes(48).toString('base64url') };
}

export function hashOfState(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}

/** What the other service is told of the verifier beforehand: `code_challenge` by the method S256. */
export function codeChallengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}
