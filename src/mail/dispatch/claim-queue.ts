import { setTimeout as pause } from 'node:timers/promises';
import type { OutgoingEmail } from '../../command-center/emails/outgoing/outgoing-email.js';

/** What a claim answers: emails to send, or until when there is nothing to take; null: until somebody acts. */
export type Claimed = { emails: readonly OutgoingEmail[] } | { until: Date | null };

interface QueueOptions {
  claim(most: number): Promise<Claimed>;
  now(): Date;
  connections: number;
  /** Nothing is begun after this: the lane's time is over, or the process ends. */
  over(): boolean;
  signal: AbortSignal;
}

/** So short a wait for a limit is waited for, with the connections open. */
const SHORT_MS = 1_000;

/** Of each connection. */
const LEAST = 4;
const MOST = 32;
const QUICK_MS = 500;
const LONG_MS = 2_000;

/**
 * Pure: how many emails each connection is to have claimed, by how long those of the last claim lasted. What a claim costs
 * is shared by many where the server is fast; where it is slow, nobody is looked at for the last time long before they are
 * written to.
 */
export function claimSize(size: number, lastedMs: number): number {
  if (lastedMs < QUICK_MS) return Math.min(MOST, size * 2);
  return lastedMs > LONG_MS ? Math.max(LEAST, size / 2) : size;
}

/** Hands the emails of a channel to its connections, and claims more before they run out. */
export class ClaimQueue {
  private readonly claimed: OutgoingEmail[] = [];
  private claiming: Promise<void> | undefined;
  private ended = false;
  private waited = false;
  private size = LEAST;
  private claimedAt: number | undefined;
  /** So few are left: the next ones are claimed while these are being sent. */
  private low = 0;
  /** When there will be something again, as far as is known. */
  nextAt: Date | null = null;

  constructor(private readonly options: QueueOptions) {}

  /** The next email; undefined: there is none now, or nothing more is to be begun. Throws what a claim throws. */
  async take(): Promise<OutgoingEmail | undefined> {
    for (;;) {
      if (this.ended || this.options.over()) return undefined;
      if (this.claimed.length <= this.low) this.more();
      const next = this.claimed.shift();
      if (next) return next;
      await this.claiming;
    }
  }

  /** Nothing more is handed out. */
  end(): void {
    this.ended = true;
  }

  /** What was claimed and not handed out; waits for a claim that is under way. */
  async rest(): Promise<OutgoingEmail[]> {
    this.end();
    await this.claiming?.catch(() => undefined);
    return this.claimed.splice(0);
  }

  private more(): void {
    if (this.claiming) return;
    this.claiming = this.claim().finally(() => (this.claiming = undefined));
    // Whoever takes next meets it.
    this.claiming.catch(() => undefined);
  }

  private async claim(): Promise<void> {
    const at = performance.now();
    if (this.claimedAt !== undefined) this.size = claimSize(this.size, at - this.claimedAt);
    const most = this.options.connections * this.size;
    const found = await this.options.claim(most);
    // Only a claim that was full says that there is more, and how long so many last.
    const full = 'emails' in found && found.emails.length === most;
    this.claimedAt = full ? at : undefined;
    this.low = full ? most / 2 : 0;
    if ('emails' in found) {
      this.waited = false;
      this.claimed.push(...found.emails);
      return;
    }
    const ms = found.until === null ? Infinity : found.until.getTime() - this.options.now().getTime();
    if (ms <= SHORT_MS && !this.waited) {
      // Once only: a clock that stands still must not keep the lane.
      this.waited = true;
      await pause(Math.max(ms, 1), undefined, { signal: this.options.signal }).catch(() => undefined);
      return;
    }
    this.nextAt = found.until;
    if (this.claimed.length === 0) this.ended = true;
  }
}
