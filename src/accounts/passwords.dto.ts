import { IsEmail, IsString, Length, MaxLength } from 'class-validator';
import { LowerCased } from '../platform/http/validators.js';
import { PASSWORD_MAX } from './sessions/password-hash.js';

export class AskForReset {
  /** @example "ann@example.com" */
  @LowerCased()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email: string;
}

export class SetPassword {
  /** What the link has after its # */
  @IsString()
  @Length(1, 200)
  token: string;

  /** At least 12 characters */
  @IsString()
  @Length(1, PASSWORD_MAX)
  password: string;
}

export class ChangePassword {
  @IsString()
  @Length(1, PASSWORD_MAX)
  current_password: string;

  /** At least 12 characters */
  @IsString()
  @Length(1, PASSWORD_MAX)
  new_password: string;
}
