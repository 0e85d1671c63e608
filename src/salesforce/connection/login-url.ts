/**
 * Where an admin may log in: the listed addresses, and every org's own (`https://acme.my.salesforce.com`, and the
 * forms of sandboxes `https://acme--uat.sandbox.my.salesforce.com`). Tokens are asked for at this address with our
 * client secret, so nothing else will do.
 */
const MY_DOMAIN =
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?:sandbox|develop|scratch|demo|patch|trailblaze|free|wave))?\.my\.salesforce\.com$/;

/** The origin to log in at, or undefined when it is not allowed. `listed` are origins, e.g. `http://127.0.0.1:4000`. */
export function allowedLoginUrl(text: string, listed: readonly string[]): string | undefined {
  const url = plainOrigin(text);
  if (!url) return undefined;
  const isListed = listed.some((one) => plainOrigin(one)?.origin === url.origin);
  const isMyDomain = url.protocol === 'https:' && url.port === '' && MY_DOMAIN.test(url.hostname);
  return isListed || isMyDomain ? url.origin : undefined;
}

/**
 * Where an org may live, as its token answer says: https, or on loopback where a log-in there is listed. The answer
 * comes from an allowed address, so this guards against mistakes rather than malice.
 */
export function allowedInstanceUrl(text: string, listed: readonly string[]): string | undefined {
  const url = plainOrigin(text);
  if (!url) return undefined;
  const loopbackListed = listed.some((one) => plainOrigin(one)?.protocol === 'http:');
  return url.protocol === 'https:' || loopbackListed ? url.origin : undefined;
}

/** Nothing but scheme, host and port; http on loopback only. */
function plainOrigin(text: string): URL | undefined {
  // Tabs and line breaks would be dropped in silence, a backslash read as a slash.
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('\\') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username || url.password || url.search || url.hash || text.includes('@')) return undefined;
  if (url.pathname !== '/') return undefined;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && LOOPBACK.has(url.hostname) ? url : undefined;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
