import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Email } from './email.entity.js';

/** What happened to an email, in order. Only ever added to. */
@Entity('email_events')
@ForeignKey(() => Email, ['teamId', 'emailId'], ['teamId', 'id'], {
  name: 'fk_email_events_email',
  onDelete: 'CASCADE',
})
@Index('ix_email_events_email', ['teamId', 'emailId', 'id'])
export class EmailEventRow {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_events' })
  teamId: string;

  /** UUIDv7: their order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_email_events' })
  id: string;

  @Column('uuid', { name: 'email_id' })
  emailId: string;

  /** `created`, `edited`, `success`, or a transition (email-state.ts). */
  @Column('text')
  event: string;

  @Column('timestamptz')
  at: Date;

  /** `user:<id>` or `key:<id>`; null: Command Center itself. */
  @Column('text', { nullable: true })
  actor: string | null;

  @Column('uuid', { name: 'attempt_id', nullable: true })
  attemptId: string | null;

  @Column('text', { nullable: true })
  detail: string | null;
}
