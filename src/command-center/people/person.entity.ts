import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';
import { User } from '../../accounts/user.entity.js';

/** A prospect. */
@Entity('people')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_people_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'ownerId'], ['teamId', 'id'], { name: 'fk_people_owner' })
@Index('uq_people_email', ['teamId', 'email'], { unique: true, where: 'email IS NOT NULL AND deleted_at IS NULL' })
@Index('ix_people_owner', ['teamId', 'ownerId'])
@Index('ix_people_name', { synchronize: false })
@Index('ix_people_shared', { synchronize: false })
@Index('ix_people_search', { synchronize: false })
export class Person {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_people' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_people' })
  id: string;

  @Column('text')
  name: string;

  /** Lower case; unique in the team where present. */
  @Column('text', { nullable: true })
  email: string | null;

  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId: string | null;

  /** Whether the whole team sees this person. */
  @Column('boolean', { default: false })
  shared: boolean;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
