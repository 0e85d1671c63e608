import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../team.entity.js';
import { User } from '../user.entity.js';

/** How the person showed who they are. */
export const SIGN_IN_METHODS = ['password', 'link', 'salesforce'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** A browser that a person is signed in with. Only the SHA-256 of what its cookie holds is kept. */
@Entity('sessions')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_sessions_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_sessions_user', onDelete: 'CASCADE' })
@Index('uq_sessions_token', ['tokenHash'], { unique: true })
@Index('ix_sessions_user', ['teamId', 'userId'])
@Index('ix_sessions_expiry', ['expiresAt'])
@Check('ck_sessions_method', `method IN ('password', 'link', 'salesforce')`)
export class Session {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_sessions' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sessions' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { name: 'token_hash' })
  tokenHash: string;

  @Column('text')
  method: SignInMethod;

  /** What the browser says it is, for the person's own list. */
  @Column('text', { name: 'user_agent' })
  userAgent: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt: Date;

  /** However much it is used, it ends then. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
