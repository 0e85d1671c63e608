import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../team.entity.js';
import { User } from '../user.entity.js';

/** What following the link does: set the first password, set a new one, or sign in at once. */
export const TOKEN_PURPOSES = ['invitation', 'password_reset', 'sign_in'] as const;
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

/** The secret of a link that one person got. Only its SHA-256 is kept. */
@Entity('account_tokens')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_account_tokens_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_account_tokens_user', onDelete: 'CASCADE' })
@Index('uq_account_tokens_hash', ['tokenHash'], { unique: true })
@Index('ix_account_tokens_user', ['teamId', 'userId'])
@Index('ix_account_tokens_expiry', ['expiresAt'])
@Check('ck_account_tokens_purpose', `purpose IN ('invitation', 'password_reset', 'sign_in')`)
export class AccountToken {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_account_tokens' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_account_tokens' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  purpose: TokenPurpose;

  @Column('text', { name: 'token_hash' })
  tokenHash: string;

  /** One, but for the links of a sandbox. */
  @Column('integer', { name: 'uses_left' })
  usesLeft: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
