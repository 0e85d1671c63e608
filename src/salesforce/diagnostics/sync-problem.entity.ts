import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

/** A write that Salesforce refused: what, why, since when. One open row per task. */
@Entity('sync_problems')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_sync_problems_team', onDelete: 'CASCADE' })
@Index('uq_sync_problems_open', ['teamId', 'taskId'], { unique: true, where: 'resolved_at IS NULL' })
@Index('ix_sync_problems_team', ['teamId', 'id'])
@Index('ix_sync_problems_task', ['teamId', 'taskId', 'id'])
export class SyncProblem {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_sync_problems' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sync_problems' })
  id: string;

  @Column('uuid', { name: 'task_id', nullable: true })
  taskId: string | null;

  @Column('text', { name: 'salesforce_id', nullable: true })
  salesforceId: string | null;

  /** Salesforce's code, or one of ours. */
  @Column('text')
  code: string;

  /** Salesforce's own words. */
  @Column('text')
  message: string;

  @Column('text', { array: true, default: () => "'{}'" })
  fields: string[];

  @Column('integer', { default: 1 })
  attempts: number;

  @Column('timestamptz', { name: 'first_at' })
  firstAt: Date;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt: Date | null;

  /** Left alone since then, until somebody edits the task. */
  @Column('timestamptz', { name: 'ignored_at', nullable: true })
  ignoredAt: Date | null;

  /** `user:<id>` or `key:<id>`. */
  @Column('text', { name: 'ignored_by', nullable: true })
  ignoredBy: string | null;
}
