import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsString, IsUUID, Length } from 'class-validator';
import type { Page } from '../platform/http/page.js';
import { IdCased, MayBeLeftOut, Trimmed } from '../platform/http/validators.js';
import { type Scope, SCOPES } from './access.js';

/** Neither `user_id` nor `scopes`: a key for oneself */
export class CreateApiKey {
  /** What it is for
   * @example "Nightly export" */
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name: string;

  /** A key with this user's rights; others' only by admins */
  @MayBeLeftOut()
  @IdCased()
  @IsUUID(undefined, { message: 'must be the id of a user' })
  user_id?: string;

  /** A key of the team that may do just this; only by admins */
  @MayBeLeftOut()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes?: Scope[];
}

export class ApiKeyView {
  id: string;
  name: string;
  /** How the key begins */
  prefix: string;
  /** null: a key of the team */
  user_id: string | null;
  /** What a key of the team may do; empty for a user's key, which has that user's rights */
  scopes: Scope[];
  created_at: Date;
  /** To the minute */
  last_used_at: Date | null;
  /** Since then it no longer works */
  revoked_at: Date | null;
}

export class ApiKeyPage implements Page<ApiKeyView> {
  data: ApiKeyView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}

export class CreatedApiKey extends ApiKeyView {
  /** The key itself: shown this once, kept nowhere */
  key: string;
}
