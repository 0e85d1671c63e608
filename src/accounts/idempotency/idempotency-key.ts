import { createHash } from 'node:crypto';
import { ProductError } from '../../platform/errors/product-error.js';

const KEY = /^[!-~]{1,255}$/;

/** Pure: the key as it was sent; a header that cannot be one is refused. */
export function keyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  const message = 'must be 1 to 255 visible ASCII characters';
  throw new ProductError('invalid_input', `Idempotency-Key ${message}.`, [{ field: 'Idempotency-Key', message }]);
}

/** Pure: what makes a request the same one: its method, address and body, however the body's fields are ordered. */
export function requestHash(method: string, address: string, body: unknown): string {
  return sha256(JSON.stringify([method, address, body], sorted)).toString('base64url');
}

/** Pure: the number of the lock that a request with this key holds. */
export function lockOf(...identity: readonly string[]): string {
  return sha256(JSON.stringify(['idempotency', ...identity]))
    .readBigInt64BE()
    .toString();
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
