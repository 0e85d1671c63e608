import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IsInstant, IsLocalDate } from '../../platform/http/date-validators.js';
import { AttachmentInput, ATTACHMENTS_MAX } from '../files/attachments.dto.js';
import { IdCased, IsTimeZone, MayBeLeftOut } from '../../platform/http/validators.js';

export const SUBJECT_MAX = 500;
export const BODY_MAX = 500_000;
const COPIES_MAX = 20;

/** When it leaves. One of: nothing (now); `at`; or `date`, `time` and, if not one's own, a time zone */
export class Schedule {
  /** @example "2026-03-04T09:00:00Z" */
  @MayBeLeftOut()
  @IsInstant()
  at?: string;

  /** @example "2026-03-04" */
  @MayBeLeftOut()
  @IsLocalDate()
  date?: string;

  /** On a clock of 24 hours
   * @example "09:00" */
  @MayBeLeftOut()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'must be a time of the day, HH:MM' })
  time?: string;

  /** IANA name; one's own when left out
   * @example "Europe/Berlin" */
  @MayBeLeftOut()
  @IsTimeZone()
  time_zone?: string;

  /** The time is meant where each recipient is; `time_zone` for those of whom that is not known */
  @MayBeLeftOut()
  @IsBoolean()
  recipient_time_zone?: boolean;
}

/** What is written */
export class EmailText {
  /** Dynamic fields in double braces, as in the body
   * @example "A question, {{first_name}}" */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(SUBJECT_MAX)
  subject?: string;

  /** HTML or plain text with dynamic fields: kept as written, made safe when it is sent and when it is shown */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(BODY_MAX)
  body?: string;

  /** The template that it was begun with */
  @IsOptional()
  @IdCased()
  @IsUUID()
  template_id?: string | null;

  /** Files that go with it, instead of those that it has, or that its template has; at most 20 MB in all */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(ATTACHMENTS_MAX)
  @ArrayUnique(({ file_id }: AttachmentInput) => file_id)
  @ValidateNested({ each: true })
  @Type(() => AttachmentInput)
  attachments?: AttachmentInput[];

  /** The address that it goes out as; the default one when left out */
  @IsOptional()
  @IdCased()
  @IsUUID()
  identity_id?: string | null;
}

export class EmailInput extends EmailText {
  @IsOptional()
  @IdCased()
  @IsUUID()
  person_id?: string | null;

  @MayBeLeftOut()
  @LowerCasedAll()
  @IsArray()
  @ArrayMaxSize(COPIES_MAX)
  @ArrayUnique()
  @IsEmail({}, { each: true, message: 'must be email addresses' })
  cc?: string[];

  /** Nobody else sees these */
  @MayBeLeftOut()
  @LowerCasedAll()
  @IsArray()
  @ArrayMaxSize(COPIES_MAX)
  @ArrayUnique()
  @IsEmail({}, { each: true, message: 'must be email addresses' })
  bcc?: string[];
}

export class CreateEmail extends EmailInput {
  /** An email of the caller's that this one follows up: it goes into its thread, and to the same person */
  @IsOptional()
  @IdCased()
  @IsUUID()
  reply_to_id?: string | null;

  /** When it is there, the email is scheduled (`{}`: now); when it is left out, the email is a draft */
  @MayBeLeftOut()
  @ValidateNested()
  @Type(() => Schedule)
  schedule?: Schedule;
}

/** What is left out stays as it is. A scheduled email stays scheduled */
export class UpdateEmail extends EmailInput {
  /** Another time for an email that is scheduled */
  @MayBeLeftOut()
  @ValidateNested()
  @Type(() => Schedule)
  schedule?: Schedule;
}

function LowerCasedAll(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(lowerCased) : value));
}

function lowerCased(one: unknown): unknown {
  return typeof one === 'string' ? one.trim().toLowerCase() : one;
}
