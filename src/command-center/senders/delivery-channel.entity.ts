import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';
import { User } from '../../accounts/user.entity.js';

export const CHANNEL_SECURITIES = ['tls', 'starttls', 'none'] as const;
/** `tls`: from the first byte (port 465); `starttls`: before the log-in, or not at all; `none`: never. */
export type ChannelSecurity = (typeof CHANNEL_SECURITIES)[number];

/** A mail server that emails go out by: a rep's own, or the team's. */
@Entity('delivery_channels')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_delivery_channels_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'ownerId'], ['teamId', 'id'], { name: 'fk_delivery_channels_owner' })
@Index('ix_delivery_channels_owner', ['teamId', 'ownerId'])
@Check('ck_delivery_channels_security', `security IN ('tls', 'starttls', 'none')`)
@Check('ck_delivery_channels_port', 'port BETWEEN 1 AND 65535')
export class DeliveryChannel {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_delivery_channels' })
  teamId: string;

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

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
