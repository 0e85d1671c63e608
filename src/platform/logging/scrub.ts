// Last line of defence: whatever slips into a message, these shapes never leave the process.
const SECRETS: readonly [RegExp, string][] = [
  [/\bcc_([0-9a-z]{12})_[\w-]{20,}/g, 'cc_$1_[redacted]'],
  [/\b(Bearer|Basic) [\w.~+/=!-]{8,}/gi, '$1 [redacted]'],
  // A Salesforce session id: the org's id, "!", the secret.
  [/\b(00D\w{12,15})![\w.~+/=-]+/g, '$1![redacted]'],
  // A session's cookie, and any signed token (JWT).
  [/\b((?:__Host-)?cc_session=)[^;\s"\\]+/g, '$1[redacted]'],
  [/\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/g, '[redacted token]'],
  // Whoever has a link of an email can unsubscribe its reader, or open its files.
  [/(\/[uc]\/)[\w.~%-]{20,}/gi, '$1[redacted]'],
  [/(\w:\/\/[^\s:/@"]*):[^\s@"/]+@/g, '$1:[redacted]@'],
];

/** The text without secrets of a known shape. */
export function scrub(text: string): string {
  return SECRETS.reduce((scrubbed, [shape, replacement]) => scrubbed.replace(shape, replacement), text);
}

const SECRET_PARAMETER = /^(code|state|.*(token|secret|key|password|verifier|signature|assertion).*)$/i;

/** The address as it may be logged: values of parameters that carry secrets (an OAuth code, say) are left out. */
export function scrubUrl(url: string): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return path;
  const parameters = query.split('&').map((part) => {
    const [name = ''] = part.split('=', 1);
    return SECRET_PARAMETER.test(name) ? `${name}=[redacted]` : part;
  });
  return `${path}?${parameters.join('&')}`;
}
