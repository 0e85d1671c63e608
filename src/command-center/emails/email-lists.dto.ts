import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { type Page, PageQuery } from '../../platform/http/page.js';
import { IdCased } from '../../platform/http/validators.js';
import { EMAIL_SORTS, type EmailSort } from './email-sorts.js';
import { EMAIL_FOLDERS, type EmailFolder } from './email-state.js';
import { EmailView } from './email-view.dto.js';

export class EmailListQuery extends PageQuery {
  /** `delivered` when left out */
  @IsOptional()
  @IsIn(EMAIL_FOLDERS)
  folder?: EmailFolder;

  /**
   * `newest` and `oldest`: by when they came into the folder. `-` turns an order round. Emails without what is sorted
   * by come first, with `-` last; a cursor fits the order that it was given in
   */
  @IsOptional()
  @IsIn(EMAIL_SORTS)
  sort?: EmailSort;

  /** A group email is one row: its last email in the folder, with how many there are in `rolled_up` */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  roll_up?: boolean;

  /** Another user's, for admins (audited); one's own when left out */
  @IsOptional()
  @IdCased()
  @IsUUID()
  user_id?: string;

  @IsOptional()
  @IdCased()
  @IsUUID()
  person_id?: string;

  @IsOptional()
  @IdCased()
  @IsUUID()
  batch_id?: string;

  @IsOptional()
  @IdCased()
  @IsUUID()
  template_id?: string;

  /** Part of the subject, or of the recipient's name or address */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || undefined : value))
  @IsString()
  @MaxLength(200)
  q?: string;
}

export class EmailCountsQuery {
  /** Another user's, for admins (audited); one's own when left out */
  @IsOptional()
  @IdCased()
  @IsUUID()
  user_id?: string;
}

/** How many emails each folder has */
export class EmailCounts {
  delivered: number;
  archived: number;
  scheduled: number;
  drafts: number;
  in_progress: number;
  failed: number;
  bounced: number;
  spam: number;
}

export class EmailPage implements Page<EmailView> {
  data: EmailView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
