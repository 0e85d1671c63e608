import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../user.entity.js';

/** What a deactivated user held goes to somebody else: decided at once, done in the background, batch by batch. */
@Entity('hand_overs')
@ForeignKey(() => User, ['teamId', 'fromUserId'], ['teamId', 'id'], { name: 'fk_hand_overs_from', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'toUserId'], ['teamId', 'id'], { name: 'fk_hand_overs_to', onDelete: 'CASCADE' })
@Index('ix_hand_overs_due', ['createdAt', 'teamId'], { where: 'finished_at IS NULL' })
@Index('uq_hand_overs_running', ['teamId', 'fromUserId'], { unique: true, where: 'finished_at IS NULL' })
@Index('ix_hand_overs_to', ['teamId', 'toUserId'])
@Check('ck_hand_overs_stopped', 'stopped_because IS NULL OR finished_at IS NOT NULL')
export class HandOver {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_hand_overs' })
  teamId: string;

  /** UUIDv7: the latest of a user is the one that counts. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_hand_overs' })
  id: string;

  @Column('uuid', { name: 'from_user_id' })
  fromUserId: string;

  @Column('uuid', { name: 'to_user_id' })
  toUserId: string;

  /** Who decided so: `user:<id>` or `key:<id>`. */
  @Column('text')
  actor: string;

  /** The kind that is being handed over; null: none is begun. */
  @Column('text', { nullable: true })
  kind: string | null;

  /** The last id of that kind that was looked at. */
  @Column('uuid', { nullable: true })
  after: string | null;

  /** How many of each kind: `{"tasks": 12}`. */
  @Column('jsonb', { default: {} })
  moved: Record<string, number>;

  /** Those that the heir cannot take. */
  @Column('jsonb', { default: {} })
  kept: Record<string, number>;

  @Column('text', { name: 'kept_because', nullable: true })
  keptBecause: string | null;

  /** Why it ended before its end. */
  @Column('text', { name: 'stopped_because', nullable: true })
  stoppedBecause: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
