import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

export const CONFLICT_POLICIES = ['latest', 'salesforce', 'command_center'] as const;
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];
export const SYNC_SCOPES = ['recent', 'due', 'open', 'all'] as const;
export type SyncScope = (typeof SYNC_SCOPES)[number];

/** A team's choices for the task sync. */
@Entity('task_sync_settings')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_task_sync_settings_team', onDelete: 'CASCADE' })
@Check('ck_task_sync_settings_conflict_policy', `conflict_policy IN ('latest', 'salesforce', 'command_center')`)
@Check('ck_task_sync_settings_scope', `scope IN ('recent', 'due', 'open', 'all')`)
export class TaskSyncSettings {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_task_sync_settings' })
  teamId: string;

  @Column('text', { name: 'conflict_policy', default: 'latest' })
  conflictPolicy: ConflictPolicy;

  /** What a first-time sync imports, unless the rep's own setting says otherwise. */
  @Column('text', { default: 'due' })
  scope: SyncScope;

  /** Activity detail template: the Subject that is pushed. */
  @Column('text', { name: 'subject_template', default: '{{activity_subject}}' })
  subjectTemplate: string;

  /** Status that an open task gets there; null: the org's default open one. */
  @Column('text', { name: 'open_status', nullable: true })
  openStatus: string | null;

  /** Status that a completed task gets there; null: Completed, else the first closed one. */
  @Column('text', { name: 'completed_status', nullable: true })
  completedStatus: string | null;

  /** What a skipped task becomes there: `completed`, `deleted`, or `status`. */
  @Column('text', { name: 'skipped_as', default: 'completed' })
  skippedAs: 'completed' | 'deleted' | 'status';

  /** The status for skipped tasks when `skipped_as` is `status`. */
  @Column('text', { name: 'skipped_status', nullable: true })
  skippedStatus: string | null;
}
