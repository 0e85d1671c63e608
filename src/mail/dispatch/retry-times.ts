const MINUTE_MS = 60_000;
const MOST_MINUTES = 60;

/** After about a day of tries an email is given up. */
export const TRIES_MAX = 28;

/**
 * Pure: when an email that a server put off is tried again: after 1, 2, 4 … minutes, at most an hour, and up to a fifth
 * more, so that those put off together do not come together. `random` is in [0, 1).
 */
export function retryAt(tries: number, now: Date, random: number): Date {
  const minutes = Math.min(MOST_MINUTES, 2 ** Math.min(tries - 1, 10));
  return new Date(now.getTime() + Math.round(minutes * MINUTE_MS * (1 + random / 5)));
}
