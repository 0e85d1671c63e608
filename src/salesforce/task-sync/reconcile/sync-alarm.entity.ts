import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../../accounts/team.entity.js';

/**
 * open: waits for a person; confirmed: they were purged, as a person says; dismissed: a person asked to look again;
 * over: all are to be seen again.
 */
export type AlarmState = 'open' | 'confirmed' | 'dismissed' | 'over';

/** So many Salesforce records are not to be seen any more that a person has to say why. One at a time. */
@Entity('sync_alarms')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_sync_alarms_team', onDelete: 'CASCADE' })
@Index('uq_sync_alarms_live', ['teamId', 'kind'], { unique: true, where: `state IN ('open', 'dismissed')` })
@Index('ix_sync_alarms_look', ['lookAt'], { where: 'look_at IS NOT NULL' })
@Check('ck_sync_alarms_kind', `kind IN ('improbable_absence')`)
@Check('ck_sync_alarms_state', `state IN ('open', 'confirmed', 'dismissed', 'over')`)
export class SyncAlarm {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_sync_alarms' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sync_alarms' })
  id: string;

  @Column('text')
  kind: 'improbable_absence';

  @Column('text', { default: 'open' })
  state: AlarmState;

  /** Of so many that were asked for … */
  @Column('integer')
  asked: number;

  /** … these were not to be seen. */
  @Column('integer')
  absent: number;

  /** Whether the integration user had View All Data when we last looked. Null: the org does not say. */
  @Column('boolean', { name: 'sees_all', nullable: true })
  seesAll: boolean | null;

  @Column('timestamptz')
  at: Date;

  /** When they were last found missing. */
  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  /** Due mark: look again, or carry out what was confirmed. Null: nothing left to do. */
  @Column('timestamptz', { name: 'look_at', nullable: true })
  lookAt: Date | null;

  /** The last task of this look, where it spans several pages. */
  @Column('uuid', { name: 'look_after', nullable: true })
  lookAfter: string | null;

  /** `user:<id>` or `key:<id>`. */
  @Column('text', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt: Date | null;
}
