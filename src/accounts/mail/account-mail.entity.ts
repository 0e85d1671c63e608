import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../team.entity.js';
import { User } from '../user.entity.js';

export const MAIL_KINDS = ['invitation', 'password_reset'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** A mail that is to be sent, at most one of a kind to a person; gone once it is sent. The link is made when sending. */
@Entity('account_mails')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_account_mails_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_account_mails_user', onDelete: 'CASCADE' })
@Index('ix_account_mails_due', ['notBefore', 'teamId'], { where: 'given_up_at IS NULL' })
@Check('ck_account_mails_kind', `kind IN ('invitation', 'password_reset')`)
export class AccountMail {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_account_mails' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_account_mails' })
  userId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_account_mails' })
  kind: MailKind;

  /** Another one each time that the mail is asked for. */
  @Column('uuid')
  request: string;

  @Column('timestamptz', { name: 'not_before' })
  notBefore: Date;

  @Column('integer', { default: 0 })
  attempts: number;

  /** What the mail server said last. */
  @Column('text', { name: 'last_error', nullable: true })
  lastError: string | null;

  @Column('timestamptz', { name: 'given_up_at', nullable: true })
  givenUpAt: Date | null;
}
