interface Waiting<T> {
  item: T;
  done: () => void;
  failed: (reason: unknown) => void;
}

export interface BatchLimits {
  items: number;
  bytes: number;
}

/**
 * Writes many at once without a timer: whoever comes while a batch is on its way goes with the next one. Each hears of
 * its own end only when its batch is written.
 */
export class Batches<T> {
  private readonly waiting: Waiting<T>[] = [];
  private writing = false;

  constructor(
    private readonly write: (items: T[]) => Promise<void>,
    private readonly bytesOf: (item: T) => number,
    private readonly limits: BatchLimits,
  ) {}

  add(item: T): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.fitting());
      try {
        await this.write(batch.map(({ item }) => item));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.writing = false;
  }

  /** How many of those who wait fit in: always one, however large it is. */
  private fitting(): number {
    let bytes = 0;
    const tooMany = this.waiting.findIndex(({ item }, nth) => {
      bytes += this.bytesOf(item);
      return nth > 0 && (nth >= this.limits.items || bytes > this.limits.bytes);
    });
    return tooMany === -1 ? this.waiting.length : tooMany;
  }
}
