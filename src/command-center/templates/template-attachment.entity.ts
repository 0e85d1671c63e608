import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { StoredFile } from '../files/file.entity.js';
import { Template } from './template.entity.js';

/** A file that goes with whatever is begun with a template. */
@Entity('template_attachments')
@ForeignKey(() => Template, ['teamId', 'templateId'], ['teamId', 'id'], {
  name: 'fk_template_attachments_template',
  onDelete: 'CASCADE',
})
@ForeignKey(() => StoredFile, ['teamId', 'fileId'], ['teamId', 'id'], { name: 'fk_template_attachments_file' })
@Index('ix_template_attachments_file', ['teamId', 'fileId'])
export class TemplateAttachment {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_template_attachments' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'template_id', primaryKeyConstraintName: 'pk_template_attachments' })
  templateId: string;

  /** From 0. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_template_attachments' })
  position: number;

  @Column('uuid', { name: 'file_id' })
  fileId: string;

  /** A link to it is sent, not the file itself. */
  @Column('boolean')
  tracked: boolean;
}
