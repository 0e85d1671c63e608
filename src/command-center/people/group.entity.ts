import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';
import { User } from '../../accounts/user.entity.js';

/** People by a name: somebody's own, or shown to the team. */
@Entity('groups')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_groups_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'ownerId'], ['teamId', 'id'], { name: 'fk_groups_owner' })
@Index('uq_groups_name', { synchronize: false })
export class Group {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_groups' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_groups' })
  id: string;

  /** Once per owner, whatever the case of its letters. */
  @Column('text')
  name: string;

  @Column('uuid', { name: 'owner_id' })
  ownerId: string;

  @Column('boolean', { default: false })
  shared: boolean;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
