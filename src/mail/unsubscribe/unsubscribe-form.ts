import type { Request } from 'express';
import { ProductError } from '../../platform/errors/product-error.js';

/** What a POST to the link asks for. */
export type Asked = { by: 'one-click' } | { by: 'page'; reason: string | null } | { by: 'nobody' };

export const REASONS: Readonly<Record<string, string>> = {
  too_many: 'Too many emails',
  not_relevant: 'Not relevant to me',
  never_asked: 'I never asked for them',
  other: 'Something else',
};

const REASON_LENGTH = 500;
const MAX_BYTES = 16_384;
/** The only field that matters of a form in parts (RFC 7578). */
const ONE_CLICK_PART =
  /name="?List-Unsubscribe"?(?:;[^\r\n]*)?\r?\n(?:[^\r\n]+\r?\n)*\r?\n\s*One-Click\s*?(?:\r?\n|$)/i;

/** The types of body that receivers (RFC 8058, 3.2) and the page send. */
export const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** Reads the body, which no other route has in these forms. */
export async function askedOf(request: Request): Promise<Asked> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new ProductError('payload_too_large');
    chunks.push(chunk);
  }
  return readForm(Buffer.concat(chunks).toString(), request.is('multipart/form-data') !== false);
}

/** Pure. */
export function readForm(body: string, multipart: boolean): Asked {
  if (multipart) return { by: ONE_CLICK_PART.test(body) ? 'one-click' : 'nobody' };
  const fields = new URLSearchParams(body);
  const text = (name: string) => oneText(fields.get(name) ?? '');
  if (text('List-Unsubscribe').toLowerCase() === 'one-click') return { by: 'one-click' };
  if (text('confirm') !== 'yes') return { by: 'nobody' };
  const why = Object.hasOwn(REASONS, text('why')) ? REASONS[text('why')] : '';
  const said = [why, text('words')].filter(Boolean).join(': ');
  return { by: 'page', reason: said === '' ? null : [...said].slice(0, REASON_LENGTH).join('') };
}

function oneText(value: string): string {
  return value.replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim();
}
