import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { DeliveryChannel } from './delivery-channel.entity.js';

export const MAIL_PROVIDERS = ['google', 'microsoft'] as const;
/** Gmail (Google Workspace); Microsoft 365. */
export type MailProvider = (typeof MAIL_PROVIDERS)[number];

/** That a mailbox's owner lets us send by it (OAuth 2): the channel logs in with this instead of a password. */
@Entity('delivery_channel_grants')
@ForeignKey(() => DeliveryChannel, ['teamId', 'channelId'], ['teamId', 'id'], {
  name: 'fk_delivery_channel_grants_channel',
  onDelete: 'CASCADE',
})
@Check('ck_delivery_channel_grants_provider', `provider IN ('google', 'microsoft')`)
export class DeliveryChannelGrant {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_delivery_channel_grants' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'channel_id', primaryKeyConstraintName: 'pk_delivery_channel_grants' })
  channelId: string;

  @Column('text')
  provider: MailProvider;

  @Column('text', { name: 'refresh_token_sealed' })
  refreshTokenSealed: string;

  @Column('text', { name: 'access_token_sealed' })
  accessTokenSealed: string;

  /** When the access token was given. */
  @Column('timestamptz', { name: 'got_at' })
  gotAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
