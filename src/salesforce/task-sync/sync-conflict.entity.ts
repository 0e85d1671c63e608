import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Task } from '../../command-center/tasks/task.entity.js';

export const CONFLICT_REASONS = ['policy', 'later', 'tie', 'deletion'] as const;
/** policy: one side always wins; later: the later change won; tie: at the same second; deletion: it wins over an edit. */
export type ConflictReason = (typeof CONFLICT_REASONS)[number];

/** One field changed differently on both sides: who won, and the losing value, kept. */
@Entity('sync_conflicts')
@ForeignKey(() => Task, ['teamId', 'taskId'], ['teamId', 'id'], { name: 'fk_sync_conflicts_task', onDelete: 'CASCADE' })
@Index('ix_sync_conflicts_task', ['teamId', 'taskId'])
export class SyncConflict {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_sync_conflicts' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sync_conflicts' })
  id: string;

  @Column('uuid', { name: 'task_id' })
  taskId: string;

  /** A Salesforce field, or `deletion`. */
  @Column('text')
  field: string;

  @Column('text', { nullable: true })
  base: string | null;

  @Column('text', { nullable: true })
  here: string | null;

  @Column('text', { nullable: true })
  there: string | null;

  @Column('text')
  winner: 'here' | 'there';

  @Column('timestamptz', { name: 'here_changed_at', nullable: true })
  hereChangedAt: Date | null;

  @Column('timestamptz', { name: 'there_changed_at', nullable: true })
  thereChangedAt: Date | null;

  @Column('timestamptz')
  at: Date;

  /** Why it was decided so: policy, later, tie, deletion. */
  @Column('text', { nullable: true })
  reason: ConflictReason | null;

  /** Who changed it there: `salesforce:<user id there>`; null when that is not known. */
  @Column('text', { name: 'there_actor', nullable: true })
  thereActor: string | null;

  /** When the losing value was put into force again. */
  @Column('timestamptz', { name: 'restored_at', nullable: true })
  restoredAt: Date | null;

  /** `user:<id>` or `key:<id>`. */
  @Column('text', { name: 'restored_by', nullable: true })
  restoredBy: string | null;
}
