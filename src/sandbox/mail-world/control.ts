/** Faults that strike a share of the attempts, from 0 (never) to 1 (always). */
export const SHARES = [
  'refuseConnection',
  'refuseForNow',
  'refuseForGood',
  'dropBeforeData',
  'dropInData',
  'dropAfterData',
] as const;
export type Share = (typeof SHARES)[number];

/** What goes wrong on command. Everything at rest is `CALM`. */
export interface Control extends Record<Share, number> {
  /** The same seed and the same emails have the same faults, in whatever order they come. */
  seed: number;
  /** Before the greeting, and before the replies to a log-in, RCPT and a message. */
  latencyMs: number;
  /** How late a `slow` recipient says that it has the message. */
  slowMs: number;
  /** Further connections meet a 421; 0 sets no limit. */
  maxConnections: number;
  /** Of a message, as EHLO says it (RFC 1870); at most 35 MB. */
  maxBytes: number;
  /** Every log-in meets a 535. */
  authRefused: boolean;
}

/** As large as the largest that a person may send (20 MB of attachments), encoded. */
const MAX_MESSAGE_BYTES = 35 * 1024 * 1024;

export const CALM: Control = {
  seed: 1,
  latencyMs: 0,
  slowMs: 5000,
  maxConnections: 0,
  maxBytes: MAX_MESSAGE_BYTES,
  authRefused: false,
  refuseConnection: 0,
  refuseForNow: 0,
  refuseForGood: 0,
  dropBeforeData: 0,
  dropInData: 0,
  dropAfterData: 0,
};

const MOST: Partial<Record<keyof Control, number>> = {
  seed: Number.MAX_SAFE_INTEGER,
  latencyMs: 600_000,
  slowMs: 600_000,
  maxConnections: 10_000,
  maxBytes: MAX_MESSAGE_BYTES,
};

export class InvalidControl extends Error {}

/** What is not named is at rest. */
export function readControl(body: unknown): Control {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidControl('It must be an object.');
  for (const [name, value] of Object.entries(body)) {
    const wrong = whatIsWrong(name, value);
    if (wrong !== undefined) throw new InvalidControl(wrong);
  }
  return { ...CALM, ...body };
}

function whatIsWrong(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(CALM, name)) return `There is no ${name}; there are ${Object.keys(CALM).join(', ')}.`;
  if (name === 'authRefused') return typeof value === 'boolean' ? undefined : `${name} must be true or false.`;
  const most = MOST[name as keyof Control];
  const number = typeof value === 'number' ? value : Number.NaN;
  if (most === undefined) return number >= 0 && number <= 1 ? undefined : `${name} must be a share from 0 to 1.`;
  return Number.isInteger(number) && number >= 0 && number <= most
    ? undefined
    : `${name} must be a whole number from 0 to ${most}.`;
}
