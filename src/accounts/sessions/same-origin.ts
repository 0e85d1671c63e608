const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Sent {
  method: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Pure: whether a request that carries a cookie was made by our own page. Browsers add a cookie to whatever site makes
 * them send a request; which site that was they tell by Origin, or Sec-Fetch-Site (OWASP: CSRF prevention).
 */
export function isFromOwnPage({ method, headers }: Sent, publicUrl: string): boolean {
  if (SAFE.has(method)) return true;
  if (headers.origin === undefined) return headers['sec-fetch-site'] === 'same-origin';
  return isOwnOrigin(headers, publicUrl);
}

/** Pure: whether the site that the browser names, if it names one, is ours. */
export function isForeignSite({ headers }: Pick<Sent, 'headers'>, publicUrl: string): boolean {
  return headers.origin !== undefined && !isOwnOrigin(headers, publicUrl);
}

function isOwnOrigin(headers: Sent['headers'], publicUrl: string): boolean {
  const origin = URL.parse(String(headers.origin));
  if (!origin) return false;
  // A proxy may rewrite Host, and a trial is reached by names that no PUBLIC_URL lists: either will do.
  return origin.origin === URL.parse(publicUrl)?.origin || origin.host === headers.host;
}
