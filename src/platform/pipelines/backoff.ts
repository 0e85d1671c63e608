const LEAST_MS = 1_000;
const MOST_MS = 300_000;

/** How long a lane rests after its nth failure in a row: 1 s … 5 min, full jitter. `random` is in [0, 1). */
export function backoffMs(failures: number, random: number, mostMs = MOST_MS): number {
  const ceiling = Math.min(mostMs, LEAST_MS * 2 ** Math.min(failures, 20));
  return Math.round(LEAST_MS + random * (ceiling - LEAST_MS));
}
