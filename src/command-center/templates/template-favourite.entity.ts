import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import { Template } from './template.entity.js';

/** Which templates a user keeps at hand. */
@Entity('template_favourites')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], {
  name: 'fk_template_favourites_user',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Template, ['teamId', 'templateId'], ['teamId', 'id'], {
  name: 'fk_template_favourites_template',
  onDelete: 'CASCADE',
})
@Index('ix_template_favourites_template', ['teamId', 'templateId'])
export class TemplateFavourite {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_template_favourites' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_template_favourites' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'template_id', primaryKeyConstraintName: 'pk_template_favourites' })
  templateId: string;
}
