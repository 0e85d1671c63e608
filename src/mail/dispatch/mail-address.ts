import { domainToASCII } from 'node:url';

export interface Mailbox {
  name: string;
  address: string;
}

// RFC 5321, 4.5.3.1 and RFC 5322, 3.2.3: no quotes, no blanks, nothing that ends an address in a header or a command.
const LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** As it stands on the wire, its domain in ASCII; undefined: no mail server would be sure to take it. */
export function wireAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = domainOnWire(address.slice(at + 1));
  return domain !== undefined && LOCAL_PART.test(local) ? `${local}@${domain}` : undefined;
}

/**
 * A name or a subject on one line: what would end a header, or is no character at all, becomes a blank. Longer words than
 * any language has get one, too, as headers are folded at blanks only.
 */
export function oneLine(text: string): string {
  const blanks = text.replace(/[\p{Cc}\p{Surrogate}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return blanks.replace(/\S{400}(?=\S)/gu, '$& ').trim();
}

function domainOnWire(domain: string): string | undefined {
  // The URL parser, which knows IDNA, would also drop some characters and read numbers as an IP address.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  return DOMAIN.test(ascii) ? ascii : undefined;
}
