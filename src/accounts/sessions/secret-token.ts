import { createHash, randomBytes } from 'node:crypto';

const FORMAT = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, as text: nobody guesses them, so that a plain hash is enough to keep. */
export function newSecretToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOfToken(token) };
}

export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function looksLikeToken(text: string): boolean {
  return FORMAT.test(text);
}
