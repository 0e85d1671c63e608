import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { IsLocalDate } from '../../../platform/http/date-validators.js';
import type { Page } from '../../../platform/http/page.js';
import { Trimmed } from '../../../platform/http/validators.js';
import { AUTHORIZATION_TYPES, type AuthorizationType } from './person-authorization.entity.js';

/** On what ground (GDPR, article 6) the team writes to a person */
export class SetAuthorization {
  @IsIn(AUTHORIZATION_TYPES)
  type: AuthorizationType;

  /** Where it comes from
   * @example "Sign-up form of the spring fair" */
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 500)
  source?: string | null;

  /** When they consented: YYYY-MM-DD
   * @example "2026-03-04" */
  @IsOptional()
  @IsLocalDate()
  consented_on?: string | null;

  /** What it is for
   * @example "News about shipping rates" */
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 500)
  purpose?: string | null;
}

/** The ground that holds now */
export class AuthorizationView {
  type: AuthorizationType;
  source: string | null;
  /** YYYY-MM-DD */
  consented_on: string | null;
  purpose: string | null;
  /** When it was written down here */
  at: Date;
}

export class AuthorizationAuthor {
  /** `user:<id>` or `key:<id>` */
  id: string;
  name: string;
}

export class AuthorizationChange {
  id: string;
  /** Null: from then on there was none */
  @ApiProperty({ enum: AUTHORIZATION_TYPES, nullable: true, type: String })
  type: AuthorizationType | null;
  source: string | null;
  /** YYYY-MM-DD */
  consented_on: string | null;
  purpose: string | null;
  who: AuthorizationAuthor;
  at: Date;
}

export class AuthorizationPage implements Page<AuthorizationChange> {
  /** Newest first */
  data: AuthorizationChange[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
