import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

export const CONNECTION_STATUSES = ['connected', 'stopped', 'disconnected'] as const;
/** stopped: Salesforce refuses the log-in; work is kept until an admin connects again. */
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];

/** web: an admin logged in; jwt: our key signs (RFC 7523). */
export const CONNECT_METHODS = ['web', 'jwt'] as const;
export type ConnectMethod = (typeof CONNECT_METHODS)[number];

/** A team's connection to its Salesforce org. An org belongs to one team. Its id is the lane of the org loop. */
@Entity('salesforce_connections')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_salesforce_connections_team', onDelete: 'CASCADE' })
@Index('uq_salesforce_connections_team', ['teamId'], { unique: true })
@Index('uq_salesforce_connections_org', ['orgId'], { unique: true, where: `status <> 'disconnected'` })
@Index('uq_salesforce_connections_id', ['id'], { unique: true })
@Check('ck_salesforce_connections_method', `method IN ('web', 'jwt')`)
@Check('ck_salesforce_connections_status', `status IN ('connected', 'stopped', 'disconnected')`)
export class SalesforceConnection {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_salesforce_connections' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_salesforce_connections' })
  id: string;

  /** 18 characters, 00D…. */
  @Column('text', { name: 'org_id' })
  orgId: string;

  /** As the org calls itself, at the last log-in. */
  @Column('text', { name: 'org_name', nullable: true })
  orgName: string | null;

  /** Null: not known. */
  @Column('boolean', { name: 'is_sandbox', nullable: true })
  isSandbox: boolean | null;

  /** How it renews: by a refresh token of a person's log-in, or by our own signature. */
  @Column('text', { default: 'web' })
  method: ConnectMethod;

  @Column('text', { name: 'login_url' })
  loginUrl: string;

  /** As of the last token answer: a My Domain can move. */
  @Column('text', { name: 'instance_url' })
  instanceUrl: string;

  @Column('text', { name: 'integration_user_id' })
  integrationUserId: string;

  @Column('text', { name: 'integration_username' })
  integrationUsername: string;

  /** Sealed by SecretBox. */
  @Column('text', { name: 'access_token', nullable: true })
  accessToken: string | null;

  /** Sealed by SecretBox; null where our key signs. */
  @Column('text', { name: 'refresh_token', nullable: true })
  refreshToken: string | null;

  /** +1 at each refresh: who waited for the row sees that somebody else has refreshed. */
  @Column('integer', { name: 'token_generation', default: 1 })
  tokenGeneration: number;

  @Column('text', { default: 'connected' })
  status: ConnectionStatus;

  /** A sentence for the admin when it is stopped. */
  @Column('text', { name: 'status_reason', nullable: true })
  statusReason: string | null;

  /** The admin's switch for all sync of this team. */
  @Column('boolean', { default: false })
  paused: boolean;

  @Column('uuid', { name: 'connected_by', nullable: true })
  connectedBy: string | null;

  @Column('timestamptz', { name: 'connected_at', default: () => 'now()' })
  connectedAt: Date;
}
