import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  MaxLength,
} from 'class-validator';
import { type Page, PageQuery } from '../../platform/http/page.js';
import { IdCased, LowerCased, MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';

export class CreatePerson {
  /** @example "Grace Harper" */
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name: string;

  /** Unique in the team, whatever the case of its letters
   * @example "grace@example.com" */
  @IsOptional()
  @LowerCased()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email?: string | null;

  /** Whether the whole team sees this person; false when left out */
  @MayBeLeftOut()
  @IsBoolean()
  shared?: boolean;

  /** The caller when left out; only admins may name somebody else, or nobody (null) */
  @IsOptional()
  @IdCased()
  @IsUUID()
  owner_id?: string | null;

  /** Leads (00Q…) and contacts (003…) that are this person
   * @example ["0035g00000abcdeAAA"] */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  salesforce_ids?: string[];
}

export class UpdatePerson {
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name?: string;

  @IsOptional()
  @LowerCased()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email?: string | null;

  /** The owner's and admins' to change */
  @MayBeLeftOut()
  @IsBoolean()
  shared?: boolean;

  /** Admins only */
  @IsOptional()
  @IdCased()
  @IsUUID()
  owner_id?: string | null;

  /** All of them: what is left out is no longer this person */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  salesforce_ids?: string[];
}

export class PeopleQuery extends PageQuery {
  /** Part of the name or email address; under three characters: the beginning of the name */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || undefined : value))
  @IsString()
  @MaxLength(200)
  q?: string;
}

export class PersonOwner {
  id: string;
  name: string;
}

export class PersonSalesforceRecordView {
  /** 18 characters */
  id: string;
  kind: 'lead' | 'contact';
}

/** A prospect */
export class PersonView {
  id: string;
  name: string;
  email: string | null;
  /** Whether the whole team sees this person */
  shared: boolean;
  owner: PersonOwner | null;
  salesforce_records: PersonSalesforceRecordView[];
  /** The version in the ETag */
  version: number;
  created_at: Date;
  updated_at: Date;
}

export class PeoplePage implements Page<PersonView> {
  /** By name */
  data: PersonView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
