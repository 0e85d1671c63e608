import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Task } from './task.entity.js';

export const CHANGE_ORIGINS = ['here', 'salesforce'] as const;
export type ChangeOrigin = (typeof CHANGE_ORIGINS)[number];

/** History of a task, append-only: one row for each field that changed. */
@Entity('task_changes')
@ForeignKey(() => Task, ['teamId', 'taskId'], ['teamId', 'id'], { name: 'fk_task_changes_task', onDelete: 'CASCADE' })
@Index('ix_task_changes_task', ['teamId', 'taskId', 'id'])
@Check('ck_task_changes_origin', `origin IN ('here', 'salesforce')`)
export class TaskChange {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_task_changes' })
  teamId: string;

  /** UUIDv7: its order is the order of the changes. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_task_changes' })
  id: string;

  @Column('uuid', { name: 'task_id' })
  taskId: string;

  /** `created`, `deleted`, `restored`, or a field's name in the API. */
  @Column('text')
  field: string;

  @Column('text', { name: 'old_value', nullable: true })
  oldValue: string | null;

  @Column('text', { name: 'new_value', nullable: true })
  newValue: string | null;

  @Column('text')
  origin: ChangeOrigin;

  /** `user:<id>`, `key:<id>`, or `salesforce:<user id there>`. */
  @Column('text', { nullable: true })
  actor: string | null;

  @Column('timestamptz')
  at: Date;
}
