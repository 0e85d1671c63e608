import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import type { OrgContext, OrgLane, OrgWork, Turn } from '../org-loop/org-context.js';
import { OrgLoop } from '../org-loop/org-loop.js';
import { Attempts } from './attempts.repository.js';

const DAY_MS = 24 * 3_600_000;
const KEPT_MS = 90 * DAY_MS;
const EVERY_MS = 3_600_000;
const BATCH = 5_000;

/**
 * Removes old attempts, a batch in a slice of the org loop, after everything else. When it is next due is kept in the
 * process only: to look once more after a start costs one look at a small index.
 */
@Injectable()
export class AttemptsTrim implements OrgWork, OnModuleInit {
  readonly name = 'trim attempts';
  private readonly nextAt = new Map<string, Date>();

  constructor(
    private readonly loop: OrgLoop,
    private readonly attempts: Attempts,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.loop.register(this);
  }

  /** Wakes nobody: an org that never runs makes no attempts either. */
  dueLanes(): Promise<string[]> {
    return Promise.resolve([]);
  }

  turn({ connectionId }: OrgLane, now: Date): Promise<Turn> {
    const readyAt = this.nextAt.get(connectionId) ?? now;
    return Promise.resolve({ readyAt, deadline: new Date(readyAt.getTime() + DAY_MS) });
  }

  async slice({ teamId, connectionId, lease }: OrgContext): Promise<void> {
    const now = this.clock.now();
    await lease.renew();
    const removed = await this.attempts.trim(teamId, new Date(now.getTime() - KEPT_MS), BATCH);
    this.nextAt.set(connectionId, removed === BATCH ? now : new Date(now.getTime() + EVERY_MS));
  }
}
