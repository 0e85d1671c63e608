import type { Limit } from '../platform/rate-limits/rate-limits.js';

const QUARTER_SECONDS = 900;
const HOUR_SECONDS = 3600;

/** How often one may try what a guesser would try, in all processes together. */
export const PASSWORD_LIMITS = {
  /** Of one email address from one IP address; forgotten when the sign-in goes well. */
  triesOfEmail: { points: 10, durationSeconds: QUARTER_SECONDS },
  /** Of any addresses from one IP address; an office may share it. */
  triesOfIp: { points: 300, durationSeconds: QUARTER_SECONDS },
  /** Log-ins elsewhere that one IP address begins or comes back from; an office may share it. */
  outsideOfIp: { points: 1200, durationSeconds: QUARTER_SECONDS },
  /** Keys that open nothing, from one IP address; one that opens something is never counted. */
  wrongKeysOfIp: { points: 300, durationSeconds: QUARTER_SECONDS },
  linksOfIp: { points: 60, durationSeconds: QUARTER_SECONDS },
  resetsOfIp: { points: 30, durationSeconds: HOUR_SECONDS },
  resetsOfEmail: { points: 5, durationSeconds: HOUR_SECONDS },
  changes: { points: 10, durationSeconds: QUARTER_SECONDS },
} as const satisfies Record<string, Limit>;
