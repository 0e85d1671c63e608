import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** Salesforce takes three minutes at most; half of it, so that clocks may differ either way. */
const LIFE_SECONDS = 90;
const PRODUCTION = 'https://login.salesforce.com';
const SANDBOX = 'https://test.salesforce.com';

export interface Assertion {
  clientId: string;
  username: string;
  loginUrl: string;
  now: Date;
}

/**
 * Who we are and in whose name we ask (RFC 7523; help.salesforce.com: OAuth 2.0 JWT Bearer Flow for Server-to-Server
 * Integration). Each is for one request.
 */
export function signAssertion(key: KeyObject, { clientId, username, loginUrl, now }: Assertion): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(audienceOf(loginUrl))
    .setExpirationTime(Math.floor(now.getTime() / 1000) + LIFE_SECONDS)
    .sign(key);
}

/** Pure: whom an assertion is for. An org's own address stands for the log-in server of its kind. */
export function audienceOf(loginUrl: string): string {
  const { hostname } = new URL(loginUrl);
  if (!hostname.endsWith('.my.salesforce.com')) return loginUrl;
  return /\.(?:sandbox|scratch)\.my\.salesforce\.com$/.test(hostname) ? SANDBOX : PRODUCTION;
}
