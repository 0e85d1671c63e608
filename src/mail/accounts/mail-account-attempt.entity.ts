import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import type { MailProvider } from '../../command-center/senders/channel-grant.entity.js';

/** Somebody is at their provider to let us send by their mailbox. */
@Entity('mail_account_attempts')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], {
  name: 'fk_mail_account_attempts_user',
  onDelete: 'CASCADE',
})
export class MailAccountAttempt {
  /** SHA-256 of the state parameter. */
  @PrimaryColumn('text', { name: 'state_hash', primaryKeyConstraintName: 'pk_mail_account_attempts' })
  stateHash: string;

  @Column('uuid', { name: 'team_id' })
  teamId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  provider: MailProvider;

  /** The channel is to be the team's. */
  @Column('boolean', { name: 'for_team' })
  forTeam: boolean;

  /** PKCE code verifier (RFC 7636), sealed by SecretBox. */
  @Column('text', { name: 'code_verifier' })
  codeVerifier: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
