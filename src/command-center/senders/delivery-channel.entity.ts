import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';
import { User } from '../../accounts/user.entity.js';

export const CHANNEL_SECURITIES = ['tls', 'starttls', 'none'] as const;
/** `tls`: from the first byte (port 465); `starttls`: before the log-in, or not at all; `none`: never. */
export type ChannelSecurity = (typeof CHANNEL_SECURITIES)[number];

/** A mail server that emails go out by: a rep's own, or the team's. How it is paced lies beside it. */
@Entity('delivery_channels')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_delivery_channels_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'ownerId'], ['teamId', 'id'], { name: 'fk_delivery_channels_owner' })
@Index('ix_delivery_channels_owner', ['teamId', 'ownerId'])
@Index('uq_delivery_channels_id', ['id'], { unique: true })
@Check('ck_delivery_channels_security', `security IN ('tls', 'starttls', 'none')`)
@Check('ck_delivery_channels_port', 'port BETWEEN 1 AND 65535')
@Check(
  'ck_delivery_channels_limits',
  `connections BETWEEN 1 AND 20 AND per_second > 0 AND per_minute > 0 AND per_domain_per_minute > 0
    AND batch_size > 0 AND batch_wait_seconds > 0 AND per_day > 0
    AND (batch_size IS NULL) = (batch_wait_seconds IS NULL)
    AND (gap_min_ms IS NULL) = (gap_max_ms IS NULL) AND gap_min_ms >= 0 AND gap_max_ms >= gap_min_ms`,
)
export class DeliveryChannel {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_delivery_channels' })
  teamId: string;

  /** Also the lane that its emails go out in. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_delivery_channels' })
  id: string;

  /** Whose own it is; null: the team's. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId: string | null;

  @Column('text')
  name: string;

  @Column('text')
  host: string;

  @Column('integer')
  port: number;

  @Column('text')
  security: ChannelSecurity;

  /** Null: the server is used without a log-in. */
  @Column('text', { nullable: true })
  username: string | null;

  @Column('text', { name: 'password_sealed', nullable: true })
  passwordSealed: string | null;

  /** A domain whose mail comes back to us: each attempt can have a return path of its own there. */
  @Column('text', { name: 'return_path_domain', nullable: true })
  returnPathDomain: string | null;

  /** At once, at most. */
  @Column('integer', { default: 5 })
  connections: number;

  @Column('integer', { name: 'per_second', nullable: true })
  perSecond: number | null;

  @Column('integer', { name: 'per_minute', nullable: true })
  perMinute: number | null;

  /** To one and the same domain of recipients. */
  @Column('integer', { name: 'per_domain_per_minute', nullable: true })
  perDomainPerMinute: number | null;

  /** So many, then a rest of `batchWaitSeconds`. */
  @Column('integer', { name: 'batch_size', nullable: true })
  batchSize: number | null;

  @Column('integer', { name: 'batch_wait_seconds', nullable: true })
  batchWaitSeconds: number | null;

  /** In any 24 hours. */
  @Column('integer', { name: 'per_day', nullable: true })
  perDay: number | null;

  /** A random pause after each email, from here to `gapMaxMs`. */
  @Column('integer', { name: 'gap_min_ms', nullable: true })
  gapMinMs: number | null;

  @Column('integer', { name: 'gap_max_ms', nullable: true })
  gapMaxMs: number | null;

  /** By somebody: nothing more is begun. */
  @Column('timestamptz', { name: 'paused_at', nullable: true })
  pausedAt: Date | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
