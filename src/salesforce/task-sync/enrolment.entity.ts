import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import type { SyncScope } from './task-sync-settings.entity.js';

export const ENROLMENT_STATES = ['off', 'queued', 'reading', 'synced', 'cancelled'] as const;
/** queued: waits for its first-time sync; reading: being read; synced: ongoing; cancelled: ongoing, first sync ended early. */
export type EnrolmentState = (typeof ENROLMENT_STATES)[number];

/** A rep's task sync setting and where their first-time sync stands. No row: never turned on. */
@Entity('task_sync_enrolments')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], {
  name: 'fk_task_sync_enrolments_user',
  onDelete: 'CASCADE',
})
@Index('ix_task_sync_enrolments_waiting', ['teamId', 'state'], { where: `state IN ('queued', 'reading')` })
@Index('uq_task_sync_enrolments_salesforce_user', ['teamId', 'salesforceUserId'], {
  unique: true,
  where: `state <> 'off'`,
})
@Check('ck_task_sync_enrolments_state', `state IN ('off', 'queued', 'reading', 'synced', 'cancelled')`)
export class TaskSyncEnrolment {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_task_sync_enrolments' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_task_sync_enrolments' })
  userId: string;

  @Column('text', { name: 'salesforce_user_id' })
  salesforceUserId: string;

  @Column('text')
  state: EnrolmentState;

  /** Only an admin may change it. */
  @Column('boolean', { default: false })
  locked: boolean;

  @Column('text')
  scope: SyncScope;

  /** The scope that its first-time sync read: what must be here of the time before. */
  @Column('text', { name: 'read_scope', nullable: true })
  readScope: SyncScope | null;

  /** When it was last turned on. Only tasks made here after it go to Salesforce by themselves. */
  @Column('timestamptz', { name: 'enrolled_at' })
  enrolledAt: Date;

  @Column('timestamptz', { name: 'turned_off_at', nullable: true })
  turnedOffAt: Date | null;

  /** The first-time sync that reads it. */
  @Column('uuid', { name: 'run_id', nullable: true })
  runId: string | null;
}
