import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

/** A log-in under way: kept between sending the admin to Salesforce and their coming back. */
@Entity('salesforce_oauth_attempts')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_salesforce_oauth_attempts_team', onDelete: 'CASCADE' })
export class SalesforceOauthAttempt {
  /** SHA-256 of the state parameter. */
  @PrimaryColumn('text', { name: 'state_hash', primaryKeyConstraintName: 'pk_salesforce_oauth_attempts' })
  stateHash: string;

  @Column('uuid', { name: 'team_id' })
  teamId: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  /** Who began, as the audit log names them. */
  @Column('text')
  actor: string;

  @Column('text', { name: 'login_url' })
  loginUrl: string;

  /** The org that the team is to leave, as the admin confirmed. */
  @Column('text', { name: 'leave_org', nullable: true })
  leaveOrg: string | null;

  /** PKCE code verifier (RFC 7636), sealed by SecretBox. */
  @Column('text', { name: 'code_verifier' })
  codeVerifier: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
