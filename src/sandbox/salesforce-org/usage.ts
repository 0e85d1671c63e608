const STEP = 5 * 60_000;
const WINDOW = 24 * 3_600_000;

/** API calls: a rolling count of 24 hours in steps of five minutes, and the calls of each kind since the start. */
export class Usage {
  private readonly steps = new Map<number, number>();
  private kinds = new Map<string, number>();
  /** Added by a test to stand for the calls that other clients of the org make all the time. */
  usedElsewhere = 0;
  /** The most that it ever was, to hold a ceiling to. */
  peak = 0;

  constructor(
    public dailyLimit: number,
    private readonly now: () => Date,
  ) {}

  count(kind: string): void {
    this.add(1);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    this.peak = Math.max(this.peak, this.used());
  }

  /** Calls of now, which leave the window when 24 hours have passed. */
  add(calls: number): void {
    const step = Math.floor(this.now().getTime() / STEP);
    this.steps.set(step, (this.steps.get(step) ?? 0) + calls);
  }

  used(): number {
    // A step leaves with its last call.
    const oldest = Math.floor((this.now().getTime() - WINDOW) / STEP);
    let sum = this.usedElsewhere;
    for (const [step, calls] of this.steps) {
      if (step < oldest) this.steps.delete(step);
      else sum += calls;
    }
    return sum;
  }

  exhausted(): boolean {
    return this.used() >= this.dailyLimit;
  }

  header(): string {
    return `api-usage=${this.used()}/${this.dailyLimit}`;
  }

  byKind(): Record<string, number> {
    return Object.fromEntries([...this.kinds].sort());
  }

  resetKinds(): void {
    this.kinds = new Map();
    this.peak = 0;
  }
}
