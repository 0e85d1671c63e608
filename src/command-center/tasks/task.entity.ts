import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import { Person } from '../people/person.entity.js';

export const TASK_TYPES = ['email', 'call', 'inmail', 'custom'] as const;
export type TaskType = (typeof TASK_TYPES)[number];
export const TASK_STATUSES = ['open', 'completed', 'skipped'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export const TASK_PRIORITIES = ['low', 'normal', 'high'] as const;
export type TaskPriority = (typeof TASK_PRIORITIES)[number];

/** What a rep has to do. Sync bookkeeping lives in rows of its own, so that a sync never makes a rep's edit fail. */
@Entity('tasks')
@ForeignKey(() => User, ['teamId', 'assigneeId'], ['teamId', 'id'], { name: 'fk_tasks_assignee' })
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], { name: 'fk_tasks_person' })
// These have INCLUDE, which TypeORM cannot write: the views are counted, and who may see what is found, from them alone.
@Index('ix_tasks_open', { synchronize: false })
@Index('ix_tasks_open_team', { synchronize: false })
@Index('ix_tasks_closed_team', { synchronize: false })
@Index('ix_tasks_assignee', { synchronize: false })
@Index('ix_tasks_closed', ['teamId', 'assigneeId', 'closedAt', 'id'], {
  where: `status <> 'open' AND deleted_at IS NULL AND away_since IS NULL`,
})
@Index('ix_tasks_away', ['teamId', 'id'], { where: 'away_since IS NOT NULL' })
@Index('ix_tasks_person', ['teamId', 'personId', 'assigneeId'])
// BRIN: a plain index on a column that every change writes would make each change write all the others, too.
@Index('ix_tasks_updated', { synchronize: false })
@Check('ck_tasks_type', `type IN ('email', 'call', 'inmail', 'custom')`)
@Check('ck_tasks_status', `status IN ('open', 'completed', 'skipped')`)
@Check('ck_tasks_priority', `priority IN ('low', 'normal', 'high')`)
@Check('ck_tasks_closed', `(status = 'open') = (closed_at IS NULL)`)
export class Task {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_tasks' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_tasks' })
  id: string;

  @Column('text')
  type: TaskType;

  @Column('text')
  name: string;

  @Column('text', { default: 'open' })
  status: TaskStatus;

  @Column('text', { default: 'normal' })
  priority: TaskPriority;

  /** YYYY-MM-DD, a day without a time zone. */
  @Column('date', { name: 'due_date', nullable: true })
  dueDate: string | null;

  /** At most 32,000 characters. */
  @Column('text', { nullable: true })
  details: string | null;

  @Column('timestamptz', { name: 'reminder_at', nullable: true })
  reminderAt: Date | null;

  @Column('uuid', { name: 'assignee_id' })
  assigneeId: string;

  @Column('uuid', { name: 'person_id', nullable: true })
  personId: string | null;

  /** Which Salesforce record of the person it is about (lead or contact); the canonical value of WhoId. */
  @Column('text', { name: 'who_id', nullable: true })
  whoId: string | null;

  /** The related Salesforce record (account, opportunity, …): WhatId. */
  @Column('text', { name: 'what_id', nullable: true })
  whatId: string | null;

  @Column('text', { name: 'what_name', nullable: true })
  whatName: string | null;

  @Column('text', { name: 'call_outcome', nullable: true })
  callOutcome: string | null;

  @Column('text', { name: 'call_reason', nullable: true })
  callReason: string | null;

  /** When it was completed or skipped. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  /** Hidden from the views until then. */
  @Column('timestamptz', { name: 'snoozed_until', nullable: true })
  snoozedUntil: Date | null;

  /** It was moved in Salesforce to somebody who does not sync: kept, out of the lists, back if it returns. */
  @Column('timestamptz', { name: 'away_since', nullable: true })
  awaySince: Date | null;

  /** Who or what made it: a user's id, or null for the sync. */
  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
