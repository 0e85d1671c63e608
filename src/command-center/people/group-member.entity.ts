import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Group } from './group.entity.js';
import { Person } from './person.entity.js';

@Entity('group_members')
@ForeignKey(() => Group, ['teamId', 'groupId'], ['teamId', 'id'], {
  name: 'fk_group_members_group',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], {
  name: 'fk_group_members_person',
  onDelete: 'CASCADE',
})
@Index('ix_group_members_person', ['teamId', 'personId'])
export class GroupMember {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_group_members' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'group_id', primaryKeyConstraintName: 'pk_group_members' })
  groupId: string;

  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'pk_group_members' })
  personId: string;

  @Column('timestamptz', { name: 'added_at' })
  addedAt: Date;
}
