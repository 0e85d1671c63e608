import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from './team.entity.js';
import { User } from './user.entity.js';

/** A key of a team (with scopes), or of one user (whose rights it has). Only its SHA-256 is kept. */
@Entity('api_keys')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_api_keys_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_api_keys_user', onDelete: 'CASCADE' })
@Index('uq_api_keys_prefix', ['prefix'], { unique: true })
@Index('ix_api_keys_user', ['teamId', 'userId'])
export class ApiKey {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_api_keys' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_api_keys' })
  id: string;

  /** Null: the key acts for the team, within its scopes. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  @Column('text')
  name: string;

  /** The key's public part, by which it is found and shown. */
  @Column('text')
  prefix: string;

  @Column('text')
  hash: string;

  @Column('text', { array: true })
  scopes: string[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
