import type { Tx } from '../database/transactions.js';
import type { LanesRepository } from './lanes.repository.js';

/** Somebody else may hold the lane now: stop, commit nothing. Not a failure. */
export class LeaseLostError extends Error {
  constructor(pipeline: string, lane: string) {
    super(`The lease of ${pipeline} / ${lane} is lost.`);
    this.name = 'LeaseLostError';
  }
}

export interface TakenLane {
  pipeline: string;
  lane: string;
  /** bigint as text, only compared. */
  token: string;
  /** As read when the lease was last taken or renewed. */
  generation: string;
  /** Failed slices in a row before. */
  failures: number;
}

/** The right to work on one lane until it ends: no other process writes there meanwhile. Kept by a heartbeat. */
export class LaneLease {
  readonly pipeline: string;
  readonly lane: string;
  readonly token: string;
  private readonly loss = new AbortController();
  private seenGeneration: string;
  private workedAt: number;

  /** `askedAt`: performance.now() before the lease was asked for, so that we never think it lasts longer than it does. */
  constructor(
    private readonly lanes: LanesRepository,
    taken: TakenLane,
    readonly leaseMs: number,
    private askedAt: number,
    /** Aborted when the process shuts down: finish what is begun, begin nothing long. */
    readonly signal: AbortSignal,
  ) {
    this.pipeline = taken.pipeline;
    this.lane = taken.lane;
    this.token = taken.token;
    this.seenGeneration = taken.generation;
    this.workedAt = askedAt;
  }

  /** Aborted a little before the lease may end, or when it is gone: what reaches outside must end at once. For good. */
  get lost(): AbortSignal {
    return this.loss.signal;
  }

  /** Starts the lease's time anew; before each call to the outside. Not needed inside a transaction: see check. */
  async renew(): Promise<void> {
    this.stillWorking();
    await this.extend();
  }

  /** For one call that lasts: it goes on, so the heartbeat does too. */
  stillWorking(): void {
    this.workedAt = performance.now();
  }

  /**
   * First in each transaction of a slice: throws when the token no longer holds, and lets nobody else take the lane
   * until this transaction has ended.
   */
  async check(tx: Tx): Promise<void> {
    if (!(await this.lanes.holdInTransaction(tx, this))) throw new LeaseLostError(this.pipeline, this.lane);
  }

  /** How long the lease lasts for sure, unless it is renewed. */
  remainingMs(): number {
    return Math.max(0, this.askedAt + this.leaseMs - performance.now());
  }

  /** @internal A renewal that is the heartbeat's, not the work's. */
  async extend(): Promise<void> {
    const askedAt = performance.now();
    const generation = this.lost.aborted ? undefined : await this.lanes.renew(this, this.leaseMs);
    // Also when it was given up while the answer was on its way.
    if (generation === undefined || this.lost.aborted) {
      this.lose();
      throw new LeaseLostError(this.pipeline, this.lane);
    }
    this.askedAt = Math.max(this.askedAt, askedAt);
    this.seenGeneration = generation;
  }

  /** @internal */
  lose(): void {
    this.loss.abort();
  }

  /** @internal How long ago the work last began a slice or a call, or said that it goes on. */
  silentMs(): number {
    return performance.now() - this.workedAt;
  }

  /** @internal */
  get generation(): string {
    return this.seenGeneration;
  }
}
