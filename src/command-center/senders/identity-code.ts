import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

export const CODE_VALID_MS = 60 * 60_000;
/** With a million codes and five tries a guess is right once in 200,000 times. */
export const CODE_TRIES = 5;

export function drawCode(): string {
  return String(randomInt(0, 1_000_000)).padStart(6, '0');
}

/** Bound to its identity: the same code of another one has another hash. */
export function hashOfCode(identityId: string, code: string): string {
  return createHash('sha256').update(`${identityId}:${code}`).digest('hex');
}

export function isCode(identityId: string, code: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOfCode(identityId, code)), Buffer.from(hash));
}
