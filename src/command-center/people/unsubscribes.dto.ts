import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import type { Page } from '../../platform/http/page.js';
import { Trimmed } from '../../platform/http/validators.js';
import type { UnsubscribeSource } from './person-unsubscribe.entity.js';

export class UnsubscribePerson {
  @IsOptional()
  @Trimmed()
  @IsString()
  @MaxLength(500)
  reason?: string | null;
}

export class ResubscribePerson {
  /** Why they get emails again: it is kept
   * @example "Asked for it on the phone on 3 March" */
  @Trimmed()
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class UnsubscribeAuthor {
  /** `user:<id>` or `key:<id>`; null: the person, or Command Center itself */
  id: string | null;
  name: string;
}

export class UnsubscribeView {
  id: string;
  what: 'unsubscribed' | 'resubscribed';
  /** `link`: they followed the link in an email */
  source: UnsubscribeSource;
  reason: string | null;
  who: UnsubscribeAuthor;
  at: Date;
}

export class UnsubscribePage implements Page<UnsubscribeView> {
  /** Newest first */
  data: UnsubscribeView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}

export class BlockedDomainView {
  /** @example "example.com" */
  domain: string;
  created_at: Date;
}

export class BlockedDomainList {
  data: BlockedDomainView[];
}
