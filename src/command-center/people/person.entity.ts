import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';
import { User } from '../../accounts/user.entity.js';

/** A prospect. */
@Entity('people')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_people_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'ownerId'], ['teamId', 'id'], { name: 'fk_people_owner' })
@Index('uq_people_email', ['teamId', 'email'], { unique: true, where: 'email IS NOT NULL AND deleted_at IS NULL' })
@Index('ix_people_owner', ['teamId', 'ownerId'])
@Index('ix_people_merged_into', ['teamId', 'mergedInto'], { where: 'merged_into IS NOT NULL' })
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

  /** Null: taken from the name (person-name.ts). */
  @Column('text', { name: 'first_name', nullable: true })
  firstName: string | null;

  @Column('text', { name: 'last_name', nullable: true })
  lastName: string | null;

  @Column('text', { nullable: true })
  title: string | null;

  @Column('text', { nullable: true })
  company: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  /** Where the team has them from. */
  @Column('text', { nullable: true })
  source: string | null;

  /** IANA name. */
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;

  /** Fields of the team's own: their names and values. */
  @Column('jsonb', { default: {} })
  custom: Record<string, string>;

  /** Null: gets commercial emails. Written with its history (unsubscribes.ts). */
  @Column('timestamptz', { name: 'unsubscribed_at', nullable: true })
  unsubscribedAt: Date | null;

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

  /** Deleted, for they turned out to be this person. */
  @Column('uuid', { name: 'merged_into', nullable: true })
  mergedInto: string | null;
}
