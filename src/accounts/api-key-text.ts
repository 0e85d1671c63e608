import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `cc_<prefix>_<secret>`: the prefix finds the key and may be shown, the secret proves it. */
const FORMAT = /^cc_([0-9a-z]{12})_([A-Za-z0-9_-]{43})$/;

export interface NewKey {
  /** The whole key: shown once, never stored. */
  text: string;
  prefix: string;
  hash: string;
}

export function newKey(): NewKey {
  const prefix = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { text: `cc_${prefix}_${secret}`, prefix, hash: hashOf(secret) };
}

export function parseKey(text: string): { prefix: string; secret: string } | undefined {
  const [, prefix, secret] = FORMAT.exec(text) ?? [];
  return prefix && secret ? { prefix, secret } : undefined;
}

/** In constant time. A plain hash is enough: 256 random bits cannot be guessed, unlike a password. */
export function isSecretOf(secret: string, hash: string): boolean {
  const [given, kept] = [Buffer.from(hashOf(secret), 'hex'), Buffer.from(hash, 'hex')];
  return given.length === kept.length && timingSafeEqual(given, kept);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
