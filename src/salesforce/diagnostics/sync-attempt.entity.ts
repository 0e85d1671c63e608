import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Task } from '../../command-center/tasks/task.entity.js';

export const ATTEMPT_OPERATIONS = ['create', 'update', 'delete', 'restore', 'import', 'merge'] as const;
/** To Salesforce: create, update, delete, restore. From there: import, merge. */
export type AttemptOperation = (typeof ATTEMPT_OPERATIONS)[number];
export const ATTEMPT_OUTCOMES = ['done', 'refused', 'failed', 'unknown'] as const;
/** refused: not again by itself. failed: it passes by itself. unknown: the answer was lost. */
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** One attempt to bring one task into step. Kept for 90 days. */
@Entity('sync_attempts')
@ForeignKey(() => Task, ['teamId', 'taskId'], ['teamId', 'id'], { name: 'fk_sync_attempts_task', onDelete: 'CASCADE' })
// BRIN: rows come in the order of their times and are removed in it, and a push of thousands must not pay for a tree.
@Index('ix_sync_attempts_at', { synchronize: false })
@Check('ck_sync_attempts_operation', `operation IN ('create', 'update', 'delete', 'restore', 'import', 'merge')`)
@Check('ck_sync_attempts_outcome', `outcome IN ('done', 'refused', 'failed', 'unknown')`)
export class SyncAttempt {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_sync_attempts' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'pk_sync_attempts' })
  taskId: string;

  /** UUIDv7: its order is the order of what happened. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sync_attempts' })
  id: string;

  @Column('timestamptz')
  at: Date;

  @Column('text')
  operation: AttemptOperation;

  @Column('text')
  outcome: AttemptOutcome;

  @Column('text', { nullable: true })
  code: string | null;

  /** Salesforce's own words. */
  @Column('text', { nullable: true })
  message: string | null;

  /** Salesforce fields: of a write those that it carried, of a merge those taken over. */
  @Column('text', { array: true, default: () => "'{}'" })
  fields: string[];

  @Column('text', { name: 'salesforce_id', nullable: true })
  salesforceId: string | null;
}
