import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import { Person } from '../people/person.entity.js';
import { DeliveryChannel } from '../senders/delivery-channel.entity.js';
import { Identity } from '../senders/identity.entity.js';
import { EmailBatch } from './email-batch.entity.js';
import { EmailContent } from './email-content.entity.js';
import type { FailureReason } from './failure-reasons.js';
import type { EmailFolder, EmailState } from './email-state.js';

export const EMAIL_KINDS = ['single', 'select', 'group'] as const;
/** Written to one person; to a selection (Select and Send); to a group. */
export type EmailKind = (typeof EMAIL_KINDS)[number];

/** One email to one person: a bulk email is as many of these as it has recipients. Written by EmailStore alone. */
@Entity('emails')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_emails_user', onDelete: 'CASCADE' })
@ForeignKey(() => EmailBatch, ['teamId', 'batchId'], ['teamId', 'id'], { name: 'fk_emails_batch' })
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], { name: 'fk_emails_person' })
@ForeignKey(() => Identity, ['teamId', 'identityId'], ['teamId', 'id'], { name: 'fk_emails_identity' })
@ForeignKey(() => DeliveryChannel, ['teamId', 'channelId'], ['teamId', 'id'], { name: 'fk_emails_channel' })
@ForeignKey(() => EmailContent, ['teamId', 'contentId'], ['teamId', 'id'], { name: 'fk_emails_content' })
@ForeignKey(() => Email, ['teamId', 'replyToId'], ['teamId', 'id'], { name: 'fk_emails_reply_to', onDelete: 'CASCADE' })
@Index('ix_emails_folder', ['teamId', 'userId', 'folder', 'stateAt', 'id'], { where: 'folder IS NOT NULL' })
@Index('ix_emails_created', ['teamId', 'userId', 'folder', 'createdAt', 'id'], { where: 'folder IS NOT NULL' })
@Index('ix_emails_sent', { synchronize: false })
@Index('ix_emails_send_at', ['teamId', 'userId', 'sendAt', 'id'], { where: `folder = 'scheduled'` })
@Index('ix_emails_due', ['teamId', 'channelId', 'dueAt', 'id'], { where: `state = 'scheduled'` })
@Index('ix_emails_in_progress', ['teamId', 'channelId'], { where: `state = 'in_progress'` })
@Index('ix_emails_batch', ['teamId', 'batchId', 'folder', 'stateAt', 'id'])
@Index('ix_emails_person', ['teamId', 'personId', 'id'])
@Index('ix_emails_template', { synchronize: false })
@Index('ix_emails_identity', ['teamId', 'identityId'])
@Index('ix_emails_content', ['teamId', 'contentId'])
@Index('ix_emails_reply_to', ['teamId', 'replyToId'])
@Check('ck_emails_kind', `kind IN ('single', 'select', 'group')`)
@Check(
  'ck_emails_state',
  `state IN ('draft', 'scheduled', 'in_progress', 'delivered', 'archived', 'failed',
    'uncertain', 'bounced', 'spam', 'deleted')`,
)
@Check('ck_emails_draft', `state <> 'draft' OR kind = 'single'`)
@Check(
  'ck_emails_due',
  `state <> 'scheduled'
    OR (send_at IS NOT NULL AND due_at IS NOT NULL AND channel_id IS NOT NULL AND identity_id IS NOT NULL)`,
)
@Check('ck_emails_attempt', `state <> 'in_progress' OR attempt_id IS NOT NULL`)
@Check('ck_emails_reason', `reason IS NOT NULL OR state NOT IN ('failed', 'uncertain', 'bounced', 'spam')`)
export class Email {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_emails' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_emails' })
  id: string;

  /** Who sends it, and whose folders it is in. */
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  kind: EmailKind;

  @Column('uuid', { name: 'batch_id', nullable: true })
  batchId: string | null;

  @Column('uuid', { name: 'person_id', nullable: true })
  personId: string | null;

  @Column('uuid', { name: 'identity_id', nullable: true })
  identityId: string | null;

  /** Chosen when it is scheduled: the lane that sends it. */
  @Column('uuid', { name: 'channel_id', nullable: true })
  channelId: string | null;

  @Column('uuid', { name: 'template_id', nullable: true })
  templateId: string | null;

  @Column('uuid', { name: 'content_id' })
  contentId: string;

  /** The email that this one follows up, in its thread. */
  @Column('uuid', { name: 'reply_to_id', nullable: true })
  replyToId: string | null;

  /** The person's name and address as they were when it was written, and, once it was sent, as it was sent. */
  @Column('text', { name: 'to_name' })
  toName: string;

  @Column('text', { name: 'to_address', nullable: true })
  toAddress: string | null;

  @Column('text', { array: true, default: [] })
  cc: string[];

  @Column('text', { array: true, default: [] })
  bcc: string[];

  /** As it was written; once it was sent, as it was sent. */
  @Column('text')
  subject: string;

  /** Not so: it goes to those who unsubscribed, too (an invoice, say). */
  @Column('boolean', { default: true })
  commercial: boolean;

  @Column('text')
  state: EmailState;

  /** Follows from the state (folderOf). */
  @Column('text', { nullable: true })
  folder: EmailFolder | null;

  @Column('timestamptz', { name: 'state_at' })
  stateAt: Date;

  /** What the person chose; it never moves by itself. */
  @Column('timestamptz', { name: 'send_at', nullable: true })
  sendAt: Date | null;

  /** In which zone the person chose it: IANA name. */
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;

  /** When it is to be tried: `send_at`, or later after the server said so. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt: Date | null;

  /** The attempt that is under way, or the last one. */
  @Column('uuid', { name: 'attempt_id', nullable: true })
  attemptId: string | null;

  /** Since it was scheduled last. */
  @Column('integer', { default: 0 })
  attempts: number;

  /** Why it is undelivered, or not sent yet though its time has come. */
  @Column('text', { nullable: true })
  reason: FailureReason | null;

  /** The server's own words, or the field that has no value. */
  @Column('text', { name: 'reason_detail', nullable: true })
  reasonDetail: string | null;

  @Column('timestamptz', { name: 'success_at', nullable: true })
  successAt: Date | null;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt: Date | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
