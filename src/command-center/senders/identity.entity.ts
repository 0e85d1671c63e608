import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import { DeliveryChannel } from './delivery-channel.entity.js';

/** An address that a rep writes as, once they have shown that it is theirs. */
@Entity('identities')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_identities_user', onDelete: 'CASCADE' })
@ForeignKey(() => DeliveryChannel, ['teamId', 'channelId'], ['teamId', 'id'], { name: 'fk_identities_channel' })
@Index('uq_identities_email', ['teamId', 'userId', 'email'], { unique: true, where: 'deleted_at IS NULL' })
@Index('uq_identities_default', ['teamId', 'userId'], { unique: true, where: 'is_default AND deleted_at IS NULL' })
@Index('ix_identities_channel', ['teamId', 'channelId'])
export class Identity {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_identities' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_identities' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Null: the user's only channel, or else the team's. */
  @Column('uuid', { name: 'channel_id', nullable: true })
  channelId: string | null;

  /** Lower case. */
  @Column('text')
  email: string;

  @Column('text')
  name: string;

  /** HTML as it was written. */
  @Column('text', { nullable: true })
  signature: string | null;

  @Column('boolean', { name: 'is_default', default: false })
  isDefault: boolean;

  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt: Date | null;

  /** Of the code that was mailed to the address. */
  @Column('text', { name: 'code_hash', nullable: true })
  codeHash: string | null;

  @Column('timestamptz', { name: 'code_expires_at', nullable: true })
  codeExpiresAt: Date | null;

  @Column('integer', { name: 'code_tries', default: 0 })
  codeTries: number;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
