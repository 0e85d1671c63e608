import { describe, expect, it } from '@jest/globals';
import { FIRST_BATCH, nextBatch } from '../../src/accounts/removal-batch.js';

/** Batches of a table whose rows take so long each, until `count` are removed: their sizes and the longest time. */
function batches(count: number, msPerRow: number): { sizes: number[]; longestMs: number } {
  const sizes: number[] = [];
  let longestMs = 0;
  for (let rows = FIRST_BATCH, left = count; left > 0; left -= sizes.at(-1) ?? 0) {
    sizes.push(rows);
    longestMs = Math.max(longestMs, rows * msPerRow);
    rows = nextBatch(rows, rows * msPerRow);
  }
  return { sizes, longestMs };
}

describe('how many rows of a deleted team go at once', () => {
  it('grows to thousands where rows are cheap, and no further', () => {
    const { sizes } = batches(1_000_000, 0.05);
    expect(sizes.slice(0, 11)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_000]);
    expect(Math.max(...sizes)).toBe(5_000);
    expect(sizes.length).toBeLessThan(250);
  });

  it.each([1, 5, 20, 80, 300])('keeps a transaction short where a row takes %i ms', (msPerRow) => {
    const { sizes, longestMs } = batches(2_000, msPerRow);
    // The first batch cannot know it.
    expect(longestMs).toBeLessThanOrEqual(Math.max(2_000, FIRST_BATCH * msPerRow));
    expect(sizes.slice(3).every((rows) => rows * msPerRow <= 2_000)).toBe(true);
  });
});
