import type { DescribeResult } from './types.js';

// An admin's change of a field is seen after this time even if nobody asks to look again.
const FRESH_MS = 10 * 60_000;

/** Describes of one org. jsforce has such a cache, but empties it with every new session. */
export class DescribeCache {
  private readonly entries = new Map<string, { at: number; result: Promise<DescribeResult> }>();

  get(object: string, now: Date, read: () => Promise<DescribeResult>): Promise<DescribeResult> {
    const known = this.entries.get(object);
    if (known && now.getTime() - known.at < FRESH_MS) return known.result;
    const entry = { at: now.getTime(), result: read() };
    this.entries.set(object, entry);
    entry.result.catch(() => {
      if (this.entries.get(object) === entry) this.entries.delete(object);
    });
    return entry.result;
  }

  forget(object?: string): void {
    if (object === undefined) this.entries.clear();
    else this.entries.delete(object);
  }
}
