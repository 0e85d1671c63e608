import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Task } from '../../../command-center/tasks/task.entity.js';
import { SyncAlarm } from './sync-alarm.entity.js';

/** A task whose Salesforce record is not to be seen, held under an alarm: its absence deletes nothing until confirmed. */
@Entity('sync_absences')
@ForeignKey(() => SyncAlarm, ['teamId', 'alarmId'], ['teamId', 'id'], {
  name: 'fk_sync_absences_alarm',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Task, ['teamId', 'taskId'], ['teamId', 'id'], { name: 'fk_sync_absences_task', onDelete: 'CASCADE' })
@Index('uq_sync_absences_held', ['teamId', 'taskId'], { unique: true, where: 'settled_at IS NULL' })
export class SyncAbsence {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_sync_absences' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'alarm_id', primaryKeyConstraintName: 'pk_sync_absences' })
  alarmId: string;

  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'pk_sync_absences' })
  taskId: string;

  @Column('timestamptz')
  since: Date;

  /** A person says that this record was purged: its absence counts as deletion. */
  @Column('boolean', { default: false })
  confirmed: boolean;

  /** Seen again, or its deletion was carried out. */
  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt: Date | null;
}
