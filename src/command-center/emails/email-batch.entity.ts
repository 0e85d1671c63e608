import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import { EmailContent } from './email-content.entity.js';

/** A bulk email: what its emails have in common. */
@Entity('email_batches')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_email_batches_user', onDelete: 'CASCADE' })
@ForeignKey(() => EmailContent, ['teamId', 'contentId'], ['teamId', 'id'], {
  ...{ name: 'fk_email_batches_content', onDelete: 'SET NULL' },
})
@Index('ix_email_batches_content', ['teamId', 'contentId'])
@Index('ix_email_batches_user', ['teamId', 'userId'])
@Check('ck_email_batches_kind', `kind IN ('select', 'group')`)
export class EmailBatch {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_batches' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_email_batches' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  kind: 'select' | 'group';

  @Column('text')
  subject: string;

  /** What all get, apart from what single ones get instead; null: made by a version that did not keep it. */
  @Column('uuid', { name: 'content_id', nullable: true })
  contentId: string | null;

  /** How many emails it made. */
  @Column('integer')
  emails: number;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
