import type { ApiUsage } from '../client/types.js';

const WINDOW_MS = 24 * 3_600_000;

/** What one process holds for an org's usage: as last told, and what it has sent since. Never less than it knows of. */
export class UsageEstimate {
  private used = 0;
  private limit = 0;
  private seenAt: Date | undefined;
  /** Sent and not yet answered: an answer to another call may not have counted them. */
  private open = 0;

  /** Undefined: never told, or so long ago that all of it has left the window. */
  at(now: Date): (ApiUsage & { seenAt: Date }) | undefined {
    const { used, limit, seenAt } = this;
    if (!seenAt || limit <= 0 || now.getTime() - seenAt.getTime() >= WINDOW_MS) return undefined;
    return { used, limit, seenAt };
  }

  sent(): void {
    this.used += 1;
    this.open += 1;
  }

  /** A call ended: answered with the usage, or with nothing known. */
  ended(usage: ApiUsage | undefined, at: Date): void {
    this.open = Math.max(0, this.open - 1);
    if (!usage) return;
    this.used = this.open > 0 ? Math.max(this.used, usage.used) : usage.used;
    this.limit = usage.limit;
    this.seenAt = at;
  }

  /** What another process was told, if that is newer. */
  adopt(usage: ApiUsage, seenAt: Date): void {
    const age = seenAt.getTime() - (this.seenAt?.getTime() ?? -Infinity);
    if (age < 0) return;
    this.used = age === 0 || this.open > 0 ? Math.max(this.used, usage.used) : usage.used;
    this.limit = usage.limit;
    this.seenAt = seenAt;
  }
}
