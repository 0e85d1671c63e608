/** How often and how long, milliseconds. */
export class LivePolicy {
  /** The feed is looked at this often where no hint came: Redis may have lost it. */
  readonly pollMs: number = 3_000;
  /** Between two looks, however many hints come. */
  readonly lookGapMs: number = 50;
  /** Until the next look where a line waits for an older transaction to end. */
  readonly waitingMs: number = 150;
  readonly heartbeatMs: number = 15_000;
  /** A stream writes at most once in this time. */
  readonly flushMs: number = 250;
  /** How often it is asked whether those who listen still may. */
  readonly recheckMs: number = 20_000;
  readonly keptMs: number = 3_600_000;
  readonly trimMs: number = 60_000;
  /** Open streams of one caller in one process. */
  readonly perCaller: number = 20;
  /** Lines that one stream may be behind; with more it begins anew. */
  readonly backlog: number = 2_000;
}
