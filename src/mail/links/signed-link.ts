import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse as bytesOf, stringify as uuidOf } from 'uuid';

const VERSION = 1;
const UUID_BYTES = 16;
const SIGNATURE_BYTES = 16;

/** Pure: a token that says the ids in itself, signed: it works as long as the key is kept, and nobody can make one. */
export function signedToken(key: Buffer | undefined, ids: readonly string[]): string {
  if (!key) throw new Error('There is no encryption key: set ENCRYPTION_KEYS.');
  const body = Buffer.concat([Buffer.of(VERSION), ...ids.map((id) => Buffer.from(bytesOf(id)))]);
  return Buffer.concat([body, signatureOf(key, body)]).toString('base64url');
}

/** Pure: the ids, as many as asked for; undefined: it is none of ours. */
export function idsOf(keys: readonly Buffer[], token: string, count: number): string[] | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const length = 1 + count * UUID_BYTES;
  // One spelling only: what is ignored in a token could be changed in it.
  if (bytes.length !== length + SIGNATURE_BYTES || bytes.toString('base64url') !== token) return undefined;
  const [body, signature] = [bytes.subarray(0, length), bytes.subarray(length)];
  if (body[0] !== VERSION || !keys.some((key) => timingSafeEqual(signatureOf(key, body), signature))) return undefined;
  return Array.from({ length: count }, (_, index) => uuidOf(body, 1 + index * UUID_BYTES));
}

function signatureOf(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, SIGNATURE_BYTES);
}
