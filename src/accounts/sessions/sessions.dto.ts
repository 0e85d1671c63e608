import { IsEmail, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { IdCased, LowerCased, MayBeLeftOut } from '../../platform/http/validators.js';
import { PASSWORD_MAX } from './password-hash.js';
import type { SignInMethod } from './session.entity.js';

export class SignIn {
  /** @example "ann@example.com" */
  @LowerCased()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email: string;

  @IsString()
  @Length(1, PASSWORD_MAX)
  password: string;

  /** Which team, where the address is in several */
  @MayBeLeftOut()
  @IdCased()
  @IsUUID()
  team_id?: string;
}

export class SignInWithLink {
  /** What the link has after its # */
  @IsString()
  @Length(1, 200)
  token: string;
}

/** A browser that one is signed in with */
export class SessionView {
  id: string;
  /** The one that asks */
  current: boolean;
  method: SignInMethod;
  /** What the browser says it is */
  user_agent: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

export class SessionList {
  data: SessionView[];
}
