import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Length,
  Matches,
} from 'class-validator';
import { IsInstant } from '../../platform/http/date-validators.js';
import { MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';
import type { PersonObject } from './people-query.js';

const OBJECTS = ['Lead', 'Contact'] as const;

/** Which leads and contacts */
export class PeopleInSalesforce {
  /** Converted leads are left out: they are contacts */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(OBJECTS, { each: true })
  objects: PersonObject[];

  /** False: of whatever owner, for admins; true when left out: those that the caller owns in Salesforce */
  @MayBeLeftOut()
  @IsBoolean()
  owned?: boolean;

  /** Those of a list view of the one object (GET /v1/salesforce/people-imports/list-views) */
  @MayBeLeftOut()
  @Matches(/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/, { message: 'must be the id of a list view' })
  list_view_id?: string;

  /** Part of the company’s name */
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 100)
  company?: string;

  /** Part of the title */
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 100)
  title?: string;

  /** @example "2026-01-01T00:00:00Z" */
  @MayBeLeftOut()
  @IsInstant()
  created_since?: string;

  /** For admins: fields beside the usual ones, by their API names: they become columns, to be mapped to fields of the team’s own
   * @example ["Industry__c"] */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(/^[A-Za-z]\w{0,79}$/, { each: true, message: 'must be API names of fields' })
  extra_fields?: string[];
}

export class PeopleInSalesforceCount {
  /** Left out where it was not asked for */
  Lead?: number;
  Contact?: number;
}

export class ListViewsQuery {
  @IsIn(OBJECTS)
  object: PersonObject;
}

export class ListViewView {
  id: string;
  label: string;
}

export class ListViewList {
  /** By label */
  data: ListViewView[];
}
