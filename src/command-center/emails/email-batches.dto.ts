import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IdCased, MayBeLeftOut } from '../../platform/http/validators.js';
import { AttachmentView } from '../files/attachments.dto.js';
import type { EmailReason } from './email-view.dto.js';
import { EmailCounts } from './email-lists.dto.js';
import { BODY_MAX, EmailText, Schedule, SUBJECT_MAX } from './emails.dto.js';

export const SELECT_MAX = 200;
export const GROUP_MAX = 1000;

/** What one of a Select and Send gets instead of what all get */
export class PersonalEdit {
  @IdCased()
  @IsUUID()
  person_id: string;

  @MayBeLeftOut()
  @IsString()
  @MinLength(1)
  @MaxLength(SUBJECT_MAX)
  subject?: string;

  @MayBeLeftOut()
  @IsString()
  @MinLength(1)
  @MaxLength(BODY_MAX)
  body?: string;
}

/** To whom, and what */
export class BatchRecipients extends EmailText {
  /** `select` (Select and Send): to `person_ids`; `group` (Group Email): to `group_id` */
  @IsIn(['select', 'group'])
  kind: 'select' | 'group';

  /** At most 200 */
  @MayBeLeftOut()
  @IdCased()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SELECT_MAX)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  person_ids?: string[];

  /** Of at most 1,000 people whom the caller sees */
  @MayBeLeftOut()
  @IdCased()
  @IsUUID()
  group_id?: string;

  /** Of a Select and Send only */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(SELECT_MAX)
  @ArrayUnique(({ person_id }: PersonalEdit) => person_id)
  @ValidateNested({ each: true })
  @Type(() => PersonalEdit)
  edits?: PersonalEdit[];
}

export class CreateEmailBatch extends BatchRecipients {
  /** Now, when left out */
  @MayBeLeftOut()
  @ValidateNested()
  @Type(() => Schedule)
  schedule?: Schedule;
}

export class UpdateEmailBatch extends EmailText {
  /** Another time for all that still wait */
  @MayBeLeftOut()
  @ValidateNested()
  @Type(() => Schedule)
  schedule?: Schedule;
}

export class EmailBatchView {
  id: string;
  kind: 'select' | 'group';
  /** As it was written, for all who have nothing of their own instead */
  subject: string;
  body: string;
  attachments: AttachmentView[];
  /** False: an earlier version did not keep body and attachments; whoever changes the text says both */
  text_known: boolean;
  /** How many emails it made */
  emails: number;
  /** Where they are now; deleted ones are nowhere */
  folders: EmailCounts;
  /** The version in the ETag: of what all have in common */
  version: number;
  created_at: Date;
}

export class UpdatedEmailBatch extends EmailBatchView {
  /** How many emails the edit reached: those that had not left yet */
  changed: number;
}

export class UnsendablePerson {
  person_id: string;
  name: string;
  email: string | null;
  reason: EmailReason;
}

export class BatchCheck {
  people: number;
  sendable: number;
  /** Those who would not get it, and why */
  unsendable: UnsendablePerson[];
}

export class PreviewEmail extends EmailText {
  /** How it looks to this person */
  @IdCased()
  @IsUUID()
  person_id: string;

  /** False: to those who unsubscribed, too; true when left out, or as the template is */
  @MayBeLeftOut()
  @IsBoolean()
  commercial?: boolean;
}

export class PreviewedEmail {
  subject: string;
  /** Safe to show */
  html: string;
  text: string;
}

export class EmailPreview {
  /** Null: it cannot be sent, see `reason` */
  email: PreviewedEmail | null;
  reason: EmailReason | null;
}
