import { hash, verify } from '@node-rs/argon2';

// Algorithm.Argon2id, whose enum is const and thereby out of reach here.
const ARGON2ID = 2;
// OWASP, password storage: argon2id with 19 MiB, two passes, one lane.
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 200;

export async function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), COST);
}

// Of no password: what an unknown address is compared with, so that it takes as long as a known one.
const decoy = hashPassword(`no password ${Math.random()}`);

/** Takes the same time whether there is a hash or not. */
export async function isPasswordOf(password: string, kept: string | null): Promise<boolean> {
  const matches = await verify(kept ?? (await decoy), canonical(password));
  return matches && kept !== null;
}

/** Pure: why this cannot be the password of that address; undefined when it can. */
export function passwordFault(password: string, email: string): string | undefined {
  const { length } = [...password];
  if (length < PASSWORD_MIN) return `must have at least ${PASSWORD_MIN} characters`;
  if (length > PASSWORD_MAX) return `must have at most ${PASSWORD_MAX} characters`;
  if (new Set(canonical(password).toLowerCase()).size < 5) return 'must have at least five different characters';
  const [name = ''] = email.split('@', 1);
  const rest = canonical(password).toLowerCase().replaceAll(email, '').replaceAll(name, '');
  return [...rest].length < PASSWORD_MIN / 2 ? 'must not be made of your email address' : undefined;
}

/** The same text typed on another keyboard may come in another form (NIST SP 800-63B, 3.1.1.2). */
function canonical(password: string): string {
  return password.normalize('NFKC');
}
