/**
 * Upkeep that each process does again and again, never twice at once, until it is stopped. What fails is told, and tried
 * again the next time. The machine's time is meant, not that of the product: nobody waits for it.
 */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;
  private ended = false;

  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** For work that goes on for long: whether it is to end. */
  get stopped(): boolean {
    return this.ended;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.work()
        .catch(this.onFailure)
        .finally(() => (this.running = undefined));
    }, this.everyMs).unref();
  }

  /** Resolves when what was begun has ended. */
  async stop(): Promise<void> {
    this.ended = true;
    clearInterval(this.timer);
    await this.running;
  }
}
