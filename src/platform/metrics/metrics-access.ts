import { createHash, timingSafeEqual } from 'node:crypto';

/** Who asks, as the connection and the headers say. */
export interface Asker {
  remoteAddress: string | undefined;
  authorization: string | undefined;
  /** It came through a proxy, which says so: then the remote address is the proxy's. */
  proxied: boolean;
}

export type MetricsAccess = 'granted' | 'token_wrong' | 'not_local';

/** With a token, whoever has it; without one, only this machine, and nobody whom a proxy on it lets through. */
export function metricsAccess(token: string, { remoteAddress, authorization, proxied }: Asker): MetricsAccess {
  if (token === '') return isLoopback(remoteAddress) && !proxied ? 'granted' : 'not_local';
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return given !== undefined && sameText(given, token) ? 'granted' : 'token_wrong';
}

// Hashed, so that texts of different lengths take the same time too.
function sameText(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}
