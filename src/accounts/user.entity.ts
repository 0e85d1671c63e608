import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from './team.entity.js';

export const USER_ROLES = ['admin', 'member'] as const;
export type UserRole = (typeof USER_ROLES)[number];

@Entity('users')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_users_team', onDelete: 'CASCADE' })
@Index('uq_users_email', ['teamId', 'email'], { unique: true })
@Index('ix_users_email', ['email'])
@Check('ck_users_role', `role IN ('admin', 'member')`)
export class User {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_users' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_users' })
  id: string;

  /** Lower case. */
  @Column('text')
  email: string;

  @Column('text')
  name: string;

  @Column('text')
  role: UserRole;

  /** IANA name: what "today" means to this person. */
  @Column('text', { name: 'time_zone', default: 'UTC' })
  timeZone: string;

  @Column('boolean', { default: true })
  active: boolean;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
