import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { StoredFile } from '../files/file.entity.js';
import { EmailContent } from './email-content.entity.js';

/** A file that goes with what somebody wrote. */
@Entity('email_content_attachments')
@ForeignKey(() => EmailContent, ['teamId', 'contentId'], ['teamId', 'id'], {
  name: 'fk_email_content_attachments_content',
  onDelete: 'CASCADE',
})
@ForeignKey(() => StoredFile, ['teamId', 'fileId'], ['teamId', 'id'], { name: 'fk_email_content_attachments_file' })
@Index('ix_email_content_attachments_file', ['teamId', 'fileId'])
export class EmailContentAttachment {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_content_attachments' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'content_id', primaryKeyConstraintName: 'pk_email_content_attachments' })
  contentId: string;

  /** From 0. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_email_content_attachments' })
  position: number;

  @Column('uuid', { name: 'file_id' })
  fileId: string;

  /** A link to it is sent, not the file itself. */
  @Column('boolean')
  tracked: boolean;
}
