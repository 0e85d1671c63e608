const HOUR = 3_600_000;

/** API calls: a rolling count of 24 hours in steps of an hour, and the calls of each kind since the start. */
export class Usage {
  private readonly hours = new Map<number, number>();
  private kinds = new Map<string, number>();
  /** Added by a test to stand for the calls that other clients of the org made. */
  usedElsewhere = 0;

  constructor(
    public dailyLimit: number,
    private readonly now: () => Date,
  ) {}

  count(kind: string): void {
    const hour = Math.floor(this.now().getTime() / HOUR);
    this.hours.set(hour, (this.hours.get(hour) ?? 0) + 1);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  used(): number {
    const oldest = Math.floor(this.now().getTime() / HOUR) - 24;
    let sum = this.usedElsewhere;
    for (const [hour, calls] of this.hours) {
      if (hour <= oldest) this.hours.delete(hour);
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
  }
}
