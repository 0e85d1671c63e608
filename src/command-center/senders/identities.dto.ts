import { IsBoolean, IsEmail, IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { IdCased, LowerCased, MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';

const SIGNATURE_MAX = 20_000;
/** No line breaks and no control characters: it becomes part of a header. */
const NAME = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u;

export class CreateIdentity {
  /** @example "ada@example.com" */
  @LowerCased()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email: string;

  /** As recipients see it
   * @example "Ada Lovelace" */
  @Trimmed()
  @Matches(NAME, { message: 'must be 1 to 100 characters on one line' })
  name: string;

  /** HTML, appended to emails or placed where `{{signature}}` stands */
  @IsOptional()
  @IsString()
  @MaxLength(SIGNATURE_MAX)
  signature?: string | null;

  /** Null or left out: one's only channel, or else the team's */
  @IsOptional()
  @IdCased()
  @IsUUID()
  channel_id?: string | null;
}

export class UpdateIdentity {
  @MayBeLeftOut()
  @Trimmed()
  @Matches(NAME, { message: 'must be 1 to 100 characters on one line' })
  name?: string;

  @IsOptional()
  @IsString()
  @MaxLength(SIGNATURE_MAX)
  signature?: string | null;

  @IsOptional()
  @IdCased()
  @IsUUID()
  channel_id?: string | null;

  /** True: the one that is chosen when none is named */
  @MayBeLeftOut()
  @IsBoolean()
  is_default?: boolean;
}

export class ConfirmIdentity {
  /** The six digits that were mailed to the address
   * @example "482913" */
  @Trimmed()
  @IsString()
  @Length(6, 6)
  code: string;
}

/** An address that a rep writes as */
export class IdentityView {
  id: string;
  email: string;
  name: string;
  /** As it was written */
  signature: string | null;
  /** Null: one's only channel, or else the team's */
  channel_id: string | null;
  is_default: boolean;
  /** Since when the address is confirmed; nothing is sent from it before */
  verified_at: Date | null;
  created_at: Date;
  updated_at: Date;
  /** The version in the ETag */
  version: number;
}

export class IdentityList {
  /** The default one first */
  data: IdentityView[];
}
