import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';
import { User } from '../../accounts/user.entity.js';

/** What is written once and sent often. */
@Entity('templates')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_templates_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'ownerId'], ['teamId', 'id'], { name: 'fk_templates_owner' })
@Check('ck_templates_reachable', 'owner_id IS NOT NULL OR shared')
@Index('ix_templates_name', { synchronize: false })
@Index('ix_templates_owner', ['teamId', 'ownerId'])
export class Template {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_templates' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_templates' })
  id: string;

  /** Null: a key of the team made it; the admins' then. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId: string | null;

  @Column('text')
  name: string;

  /** A word of the team's own; a category is there as long as a template is in it. */
  @Column('text', { nullable: true })
  category: string | null;

  /** With dynamic fields, as they were written. */
  @Column('text')
  subject: string;

  @Column('text')
  body: string;

  /** Whether the whole team may read and use it. */
  @Column('boolean', { default: false })
  shared: boolean;

  /** One that is not goes to people who unsubscribed, too; never to blocked domains. */
  @Column('boolean', { default: true })
  commercial: boolean;

  /** By an admin: nobody else changes or deletes it. */
  @Column('boolean', { default: false })
  locked: boolean;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
