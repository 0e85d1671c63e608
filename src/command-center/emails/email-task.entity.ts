import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Task } from '../tasks/task.entity.js';
import { Email } from './email.entity.js';

/** A task that follows up an email. */
@Entity('email_tasks')
@ForeignKey(() => Email, ['teamId', 'emailId'], ['teamId', 'id'], { name: 'fk_email_tasks_email', onDelete: 'CASCADE' })
@ForeignKey(() => Task, ['teamId', 'taskId'], ['teamId', 'id'], { name: 'fk_email_tasks_task', onDelete: 'CASCADE' })
@Index('ix_email_tasks_email', ['teamId', 'emailId'])
export class EmailTask {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_tasks' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'pk_email_tasks' })
  taskId: string;

  @Column('uuid', { name: 'email_id' })
  emailId: string;
}
