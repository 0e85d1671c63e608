const REMEMBERED_MS = 24 * 60 * 60 * 1000;
const MOST_REMEMBERED = 100_000;

/** How often each sender tried each recipient: a pair that was quiet for a day begins anew. */
export class Attempts {
  /** The pair that was quiet for the longest comes first. */
  private readonly pairs = new Map<string, { count: number; lastAt: number }>();

  constructor(private readonly now: () => Date) {}

  /** Notes an attempt and tells how many came before it. */
  note(sender: string, recipient: string): number {
    const key = `${sender.toLowerCase()}\n${recipient.toLowerCase()}`;
    const at = this.now().getTime();
    const known = this.pairs.get(key);
    const earlier = known !== undefined && at - known.lastAt <= REMEMBERED_MS ? known.count : 0;
    this.pairs.delete(key);
    this.pairs.set(key, { count: earlier + 1, lastAt: at });
    this.forgetTheOldest();
    return earlier;
  }

  clear(): void {
    this.pairs.clear();
  }

  private forgetTheOldest(): void {
    if (this.pairs.size <= MOST_REMEMBERED) return;
    const [oldest] = this.pairs.keys();
    if (oldest !== undefined) this.pairs.delete(oldest);
  }
}
