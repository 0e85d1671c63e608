import type { LaneLease } from './lane-lease.js';

/**
 * `worked`: look again at once. `idle`: nothing is due; `nextAt` is when the next thing will be, if that is known.
 * `gone`: what the lane stands for is no more and never will be again (a late hint woke it): the lane is forgotten.
 */
export type SliceResult = { kind: 'worked' } | { kind: 'idle'; nextAt?: Date } | { kind: 'gone' };

/** How much of one kind of work is due, whether or not its lane may work on it now. */
export interface Backlog {
  work: string;
  due: number;
  /** Since when the oldest of it is due. */
  oldest: Date | null;
}

/** What a feature does in its pipeline. Due marks live in the feature's own rows. */
export interface PipelineHandler {
  /** Lanes that have due work at `now`, most overdue first; one index-backed query. */
  dueLanes(now: Date, limit: number): Promise<string[]>;

  /**
   * One slice (a page, a batch; seconds, not minutes), committed under the lease: each transaction begins with
   * `lease.check(tx)`. A row that fails must move its `not_before` or be parked, or the lane never gets idle; what is
   * thrown here fails the whole lane, which then rests with growing pauses. What it asks of the outside must end with
   * `lease.lost`.
   */
  slice(lease: LaneLease): Promise<SliceResult>;

  /** For the metrics: index-backed, asked every few seconds at most. */
  backlog?(now: Date): Promise<Backlog[]>;
}

/** One entry of the catalogue of background work. */
export interface PipelineDefinition {
  name: string;
  /** Lanes at once in one process. */
  concurrency: number;
  /** How long a killed worker leaves a lane alone. A heartbeat renews it, so it may be shorter than a slice. */
  leaseMs: number;
  /** After about this long a lane that is still busy goes to the end of the queue, so that others get its slot. */
  drainMs: number;
}
