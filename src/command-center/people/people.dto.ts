import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
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
import { IdCased, IsTimeZone, LowerCased, MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';
import { AuthorizationView } from './authorization/person-authorization.dto.js';
import { IsCustomFields } from './custom-fields.js';

/** What emails can say of a person. What is left out stays as it is; null clears it */
export class PersonDetails {
  /** Null: the first word of the name */
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 100)
  first_name?: string | null;

  /** Null: the rest of the name */
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 100)
  last_name?: string | null;

  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  title?: string | null;

  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  company?: string | null;

  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 60)
  phone?: string | null;

  /** Where you have them from
   * @example "Trade fair" */
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  source?: string | null;

  /** IANA name: for emails that leave at a time where the person is
   * @example "America/New_York" */
  @IsOptional()
  @IsTimeZone()
  time_zone?: string | null;

  /** Fields of your own, texts by name; those left out stay, null removes one. Names: a-z, 0-9 and _
   * @example { "industry": "Shipping" } */
  @MayBeLeftOut()
  @IsCustomFields()
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string', nullable: true } })
  custom?: Record<string, string | null>;
}

export class CreatePerson extends PersonDetails {
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

export class UpdatePerson extends PersonDetails {
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

/** Which people */
export class PeopleFilterQuery {
  /** Part of the name or an email address; under three characters: the beginning of the name */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || undefined : value))
  @IsString()
  @MaxLength(200)
  q?: string;

  /** Only people of this group */
  @MayBeLeftOut()
  @IdCased()
  @IsUUID()
  group_id?: string;
}

export class PeopleQuery extends IntersectionType(PageQuery, PeopleFilterQuery) {}

export class PersonGroup {
  id: string;
  name: string;
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
  /** Null: the first word of the name */
  first_name: string | null;
  /** Null: the rest of the name */
  last_name: string | null;
  /** The main address: emails go there */
  email: string | null;
  /** Also theirs, and nobody else's */
  other_addresses: string[];
  title: string | null;
  company: string | null;
  phone: string | null;
  /** Where the team has them from */
  source: string | null;
  /** IANA name */
  time_zone: string | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  custom: Record<string, string>;
  /** On what ground the team writes to them; null: none was said */
  authorization: AuthorizationView | null;
  /** Since when the person wants no commercial emails; null: they do */
  unsubscribed_at: Date | null;
  /** Whether the whole team sees this person */
  shared: boolean;
  owner: PersonOwner | null;
  salesforce_records: PersonSalesforceRecordView[];
  /** Those that the caller sees, by name */
  groups: PersonGroup[];
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
