import { Column, Entity, ForeignKey, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import type { EmailFolder } from './email-state.js';

/** What a transaction added to a folder or took from it: appended, so that nobody waits for anybody's counter. */
@Entity('email_folder_changes')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], {
  name: 'fk_email_folder_changes_user',
  onDelete: 'CASCADE',
})
export class EmailFolderChange {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_folder_changes' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_email_folder_changes' })
  userId: string;

  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_email_folder_changes',
  })
  id: string;

  @Column('text')
  folder: EmailFolder;

  @Column('integer')
  emails: number;
}
