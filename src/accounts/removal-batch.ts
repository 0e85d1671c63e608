/**
 * A table’s first batch. Few, for each row may be dear: right after a million tasks are removed, whether a person has one
 * is looked for among a million dead entries, until autovacuum has been there.
 */
export const FIRST_BATCH = 5;
const MOST = 5_000;
const QUICK_MS = 500;
const SLOW_MS = 2_000;

/** Pure: rows in the next batch, so that a transaction stays short whatever its rows cost. */
export function nextBatch(rows: number, tookMs: number): number {
  if (tookMs < QUICK_MS) return Math.min(MOST, rows * 2);
  return tookMs > SLOW_MS ? Math.max(1, Math.floor(rows / 4)) : rows;
}
