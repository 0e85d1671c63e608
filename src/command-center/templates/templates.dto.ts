import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { type Page, PageQuery } from '../../platform/http/page.js';
import { IdCased, MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';

import { AttachmentInput, ATTACHMENTS_MAX, AttachmentView } from '../files/attachments.dto.js';

const SUBJECT_MAX = 500;
const BODY_MAX = 200_000;

export class CreateTemplate {
  /** @example "First contact" */
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name: string;

  /** A word of your own to find it by; null: none
   * @example "Outreach" */
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 60)
  category?: string | null;

  /** With dynamic fields (docs/templates.md)
   * @example "{{ company }} and Acme" */
  @Trimmed()
  @IsString()
  @Length(1, SUBJECT_MAX)
  subject: string;

  /** HTML or plain text, with dynamic fields; kept as written, made safe when it is sent or shown
   * @example "Hi {{ first_name | default: \"there\" }}," */
  @IsString()
  @Length(1, BODY_MAX)
  body: string;

  /** Whether the whole team may use it; false when left out */
  @MayBeLeftOut()
  @IsBoolean()
  shared?: boolean;

  /** False: goes to people who unsubscribed, too (never to blocked domains); true when left out */
  @MayBeLeftOut()
  @IsBoolean()
  commercial?: boolean;

  /** Files that go with each email begun with it; at most 20 MB in all */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(ATTACHMENTS_MAX)
  @ArrayUnique(({ file_id }: AttachmentInput) => file_id)
  @ValidateNested({ each: true })
  @Type(() => AttachmentInput)
  attachments?: AttachmentInput[];
}

export class UpdateTemplate {
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name?: string;

  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 60)
  category?: string | null;

  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, SUBJECT_MAX)
  subject?: string;

  @MayBeLeftOut()
  @IsString()
  @Length(1, BODY_MAX)
  body?: string;

  @MayBeLeftOut()
  @IsBoolean()
  shared?: boolean;

  @MayBeLeftOut()
  @IsBoolean()
  commercial?: boolean;

  /** Files that go with each email begun with it; at most 20 MB in all */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(ATTACHMENTS_MAX)
  @ArrayUnique(({ file_id }: AttachmentInput) => file_id)
  @ValidateNested({ each: true })
  @Type(() => AttachmentInput)
  attachments?: AttachmentInput[];

  /** Admins only: nobody but an admin changes or deletes it then */
  @MayBeLeftOut()
  @IsBoolean()
  locked?: boolean;
}

export const TEMPLATE_LISTS = ['all', 'mine', 'shared', 'favourites'] as const;
export type TemplateList = (typeof TEMPLATE_LISTS)[number];

export class TemplatesQuery extends PageQuery {
  /** `all` that you may see (when left out), `mine`, those `shared` with the team, or your `favourites` */
  @IsOptional()
  @IsIn(TEMPLATE_LISTS)
  list?: TemplateList;

  /** Exactly this category */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || undefined : value))
  @IsString()
  @MaxLength(60)
  category?: string;

  /** Part of the name or subject */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || undefined : value))
  @IsString()
  @MaxLength(200)
  q?: string;
}

export class TemplateOwner {
  id: string;
  name: string;
}

/** A template in a list: without its body */
export class TemplateSummary {
  id: string;
  name: string;
  category: string | null;
  subject: string;
  /** Whether the whole team may use it */
  shared: boolean;
  commercial: boolean;
  /** By an admin: nobody else changes it */
  locked: boolean;
  /** Null: made by a key of the team */
  owner: TemplateOwner | null;
  /** The caller's own mark */
  favourite: boolean;
  /** The version in the ETag */
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** What is written once and sent often */
export class TemplateView extends TemplateSummary {
  /** As it was written */
  body: string;
  attachments: AttachmentView[];
}

export class TemplatesPage implements Page<TemplateSummary> {
  /** By name */
  data: TemplateSummary[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}

export class TemplateCategory {
  name: string;
  /** How many templates of it you may see */
  templates: number;
}

export class TemplateCategories {
  /** By name */
  data: TemplateCategory[];
}

export class PreviewTemplate {
  @IsString()
  @MaxLength(SUBJECT_MAX)
  subject: string;

  @IsString()
  @MaxLength(BODY_MAX)
  body: string;

  /** Whom it is shown for, of those you see; left out: a sample person */
  @MayBeLeftOut()
  @IdCased()
  @IsUUID()
  person_id?: string;

  /** As of the template: true when left out */
  @MayBeLeftOut()
  @IsBoolean()
  commercial?: boolean;
}

export class TemplateProblem {
  field: 'subject' | 'body';
  /** What is wrong, a sentence without its beginning */
  message: string;
  /** From 1; null: the text as a whole */
  line: number | null;
  /** Likewise */
  column: number | null;
}

/** An email as that person would get it */
export class RenderedTemplate {
  subject: string;
  /** Safe to show */
  html: string;
  text: string;
}

export class TemplatePreview {
  /** Null: it cannot be made, see `problems` and `refusal` */
  email: RenderedTemplate | null;
  /** Mistakes in the text: for everybody */
  problems: TemplateProblem[];
  /** Why this one email would not be sent: a field without value and fallback, say */
  refusal: string | null;
}
