import { IsBoolean, IsEmail, IsIn, IsString, Length, MaxLength } from 'class-validator';
import type { Page } from '../platform/http/page.js';
import { IsTimeZone, LowerCased, MayBeLeftOut, Trimmed } from '../platform/http/validators.js';
import type { MailKind } from './mail/account-mail.entity.js';
import { USER_ROLES, type UserRole } from './user.entity.js';

export class CreateUser {
  /** @example "ann@example.com" */
  @LowerCased()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email: string;

  /** @example "Ann Bell" */
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name: string;

  /** `member` when left out */
  @MayBeLeftOut()
  @IsIn(USER_ROLES)
  role?: UserRole;

  /** IANA name, what "today" means to this person; `UTC` when left out
   * @example "Europe/Berlin" */
  @MayBeLeftOut()
  @IsTimeZone()
  time_zone?: string;
}

export class UpdateUser {
  @MayBeLeftOut()
  @LowerCased()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email?: string;

  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name?: string;

  @MayBeLeftOut()
  @IsIn(USER_ROLES)
  role?: UserRole;

  @MayBeLeftOut()
  @IsTimeZone()
  time_zone?: string;

  /** false: the person can no longer do anything here, and their keys stop working */
  @MayBeLeftOut()
  @IsBoolean()
  active?: boolean;
}

export class UpdateMe {
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name?: string;

  @MayBeLeftOut()
  @IsTimeZone()
  time_zone?: string;
}

export class InvitationView {
  /** mailing: on its way to the mail server; sent: its link works until `expires_at`; expired: send it again */
  state: 'mailing' | 'sent' | 'expired';
  expires_at: Date | null;
}

export class MailProblemView {
  kind: MailKind;
  /** What the mail server said */
  reason: string;
  /** It is not tried again by itself */
  given_up: boolean;
  next_try_at: Date | null;
}

/** How a user comes in */
export class UserStandingView {
  /** null: not signed in at the moment, nor lately */
  last_seen_at: Date | null;
  /** null: they have a password, or were never invited */
  invitation: InvitationView | null;
  /** The last mail about their account, where the mail server did not take it */
  mail_problem: MailProblemView | null;
}

/** A user. Members see of others only who they are. */
export class UserView {
  id: string;
  name: string;
  active: boolean;
  /** Admins, and the person */
  email?: string;
  /** Admins, and the person */
  role?: UserRole;
  /** Admins, and the person */
  time_zone?: string;
  /** Admins, and the person: the version in the ETag */
  version?: number;
  /** Admins, and the person */
  created_at?: Date;
  /** Admins, in lists and of one */
  standing?: UserStandingView;
}

export class InvitedUserView extends UserView {
  /** The link to choose a password, to pass on by yourself: only where no mail server is set */
  link?: string;
}

export class UserPage implements Page<UserView> {
  data: UserView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
