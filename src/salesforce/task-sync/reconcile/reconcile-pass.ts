import type { Tx } from '../../../platform/database/transactions.js';
import type { OrgContext } from '../../org-loop/org-context.js';
import type { OrgSchema } from '../org-schema.js';
import type { Counts } from '../runs.repository.js';
import type { RepRange } from '../scope.js';

/** Where a reconcile stands. */
export type ReconcilePosition =
  /** Each linked record is read by its id. */
  | { phase: 'linked'; after: string }
  /** The reps' Tasks are read: what is there and not here. `reps`: those whose ids come after this one, up to that one. */
  | { phase: 'there'; reps: RepRange; after: string }
  /** Our own tasks: what was never sent. */
  | { phase: 'here'; after: string };

export interface PassInput {
  schema: OrgSchema;
  /**
   * The org's time up to which the pull has read for sure: what was changed there later is applied all the same, and
   * is no drift.
   */
  horizon: Date;
}

/** A page that was read and compared. `apply` repairs, in the transaction that stores the position. */
export interface ReconcilePage {
  rows: number;
  next: ReconcilePosition | 'end';
  apply(tx: Tx): Promise<Counts>;
}

/** One phase of the reconcile. */
export interface ReconcilePass<Position extends ReconcilePosition> {
  page(org: OrgContext, position: Position, input: PassInput): Promise<ReconcilePage>;
}

export type PositionOf<Phase extends ReconcilePosition['phase']> = Extract<ReconcilePosition, { phase: Phase }>;

/** Rows in a page. */
export const PAGE = 2_000;
