import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { DeliveryChannel } from '../senders/delivery-channel.entity.js';
import { Email } from './email.entity.js';

/** One try to send an email, with what it said. Its id is in the return path and the Message-ID. */
@Entity('email_attempts')
@ForeignKey(() => Email, ['teamId', 'emailId'], ['teamId', 'id'], {
  name: 'fk_email_attempts_email',
  onDelete: 'CASCADE',
})
@ForeignKey(() => DeliveryChannel, ['teamId', 'channelId'], ['teamId', 'id'], { name: 'fk_email_attempts_channel' })
@Index('ix_email_attempts_email', ['teamId', 'emailId', 'at'])
@Index('ix_email_attempts_pace', ['teamId', 'channelId', 'at'])
export class EmailAttempt {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_attempts' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_email_attempts' })
  id: string;

  @Column('uuid', { name: 'email_id' })
  emailId: string;

  @Column('uuid', { name: 'channel_id' })
  channelId: string;

  /** Without angle brackets. */
  @Column('text', { name: 'message_id' })
  messageId: string;

  @Column('text')
  subject: string;

  @Column('text')
  html: string;

  @Column('timestamptz')
  at: Date;

  /** Committed before the first byte of the message leaves: from here on nobody may send it again unasked. */
  @Column('timestamptz', { name: 'data_at', nullable: true })
  dataAt: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  /** The event that ended it. */
  @Column('text', { nullable: true })
  outcome: string | null;

  /** What the server answered last. */
  @Column('text', { nullable: true })
  response: string | null;
}
