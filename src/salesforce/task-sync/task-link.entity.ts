import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Task } from '../../command-center/tasks/task.entity.js';
import type { LinkBase, SentWrite } from './task-fields.js';

/** Ties a task to its Salesforce Task. Exists from the moment the task must be synced; holds all bookkeeping. */
@Entity('task_links')
@ForeignKey(() => Task, ['teamId', 'taskId'], ['teamId', 'id'], { name: 'fk_task_links_task', onDelete: 'CASCADE' })
@Index('uq_task_links_salesforce_id', ['teamId', 'salesforceId'], { unique: true, where: 'salesforce_id IS NOT NULL' })
@Index('ix_task_links_due', ['teamId', 'notBefore', 'dueSince'], {
  where: 'due_since IS NOT NULL AND NOT frozen AND parked_code IS NULL',
})
@Index('ix_task_links_sent', ['teamId'], { where: 'sent IS NOT NULL' })
@Index('ix_task_links_parked', ['teamId', 'parkedCode'], { where: 'parked_code IS NOT NULL' })
export class TaskLink {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_task_links' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'pk_task_links' })
  taskId: string;

  /** 18 characters, 00T…. Null until it exists there. */
  @Column('text', { name: 'salesforce_id', nullable: true })
  salesforceId: string | null;

  /** Part of the unique key that a create carries; +1 when a deleted record is made anew. */
  @Column('integer', { name: 'key_generation', default: 1 })
  keyGeneration: number;

  /** The last state both sides agreed on. Null: never there. */
  @Column('jsonb', { nullable: true })
  base: LinkBase | null;

  /** What a call carried whose answer is not known yet; null when it is. Not due meanwhile: whoever takes the org marks it. */
  @Column('jsonb', { nullable: true })
  sent: SentWrite | null;

  /** Earlier writes whose answers were lost, for as long as they may still commit; null: none. */
  @Column('jsonb', { nullable: true })
  doubts: SentWrite[] | null;

  /** Marked as due for a push since then. */
  @Column('timestamptz', { name: 'due_since', nullable: true })
  dueSince: Date | null;

  /** +1 at each mark: a push that was prepared before a newer mark does not clear it. */
  @Column('integer', { name: 'due_generation', default: 0 })
  dueGeneration: number;

  @Column('timestamptz', { name: 'not_before', nullable: true })
  notBefore: Date | null;

  @Column('integer', { default: 0 })
  attempts: number;

  /** Waits for a person: the code of its open problem. */
  @Column('text', { name: 'parked_code', nullable: true })
  parkedCode: string | null;

  /** The rep's sync is off: nothing moves. */
  @Column('boolean', { default: false })
  frozen: boolean;

  /** Deleted there, as far as we know. */
  @Column('boolean', { name: 'deleted_there', default: false })
  deletedThere: boolean;

  /** Archived there: read, never written. */
  @Column('boolean', { default: false })
  archived: boolean;

  /** SystemModstamp of the last state that was read. */
  @Column('timestamptz', { name: 'system_modstamp', nullable: true })
  systemModstamp: Date | null;

  @Column('timestamptz', { name: 'agreed_at', nullable: true })
  agreedAt: Date | null;
}
