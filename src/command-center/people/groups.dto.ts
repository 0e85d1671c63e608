import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsString, IsUUID, Length } from 'class-validator';
import type { Page } from '../../platform/http/page.js';
import { IdCased, MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';
import { PersonOwner } from './people.dto.js';

export class CreateGroup {
  /** Once per owner, whatever the case of its letters
   * @example "Trade fair in March" */
  @Trimmed()
  @IsString()
  @Length(1, 100)
  name: string;

  /** Whether the whole team sees the group; of its people everybody sees those whom they see anyway */
  @MayBeLeftOut()
  @IsBoolean()
  shared?: boolean;
}

export class UpdateGroup {
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 100)
  name?: string;

  @MayBeLeftOut()
  @IsBoolean()
  shared?: boolean;

  /** Admins only */
  @MayBeLeftOut()
  @IdCased()
  @IsUUID()
  owner_id?: string;
}

export class GroupPeople {
  @IdCased()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsUUID(undefined, { each: true })
  person_ids: string[];
}

export class GroupView {
  id: string;
  name: string;
  shared: boolean;
  owner: PersonOwner;
  /** How many people are in it, also those whom the caller does not see */
  size: number;
  /** The version in the ETag */
  version: number;
  created_at: Date;
  updated_at: Date;
}

export class GroupPage implements Page<GroupView> {
  /** By name */
  data: GroupView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}

export class GroupAddition {
  added: number;
  /** Were in it before */
  already: number;
  /** There is no such person, or nobody shared them with the caller */
  not_found: string[];
}

export class GroupRemoval {
  removed: number;
  /** Were not in it */
  absent: number;
}
