import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import type { EmailFolder } from './email-state.js';

/** How many emails a user has in a folder, but for the changes that are not folded in yet. */
@Entity('email_folder_counts')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], {
  name: 'fk_email_folder_counts_user',
  onDelete: 'CASCADE',
})
export class EmailFolderCount {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_folder_counts' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_email_folder_counts' })
  userId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_email_folder_counts' })
  folder: EmailFolder;

  @Column('bigint')
  emails: string;
}
