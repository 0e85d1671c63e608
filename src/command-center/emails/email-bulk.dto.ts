import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsUUID } from 'class-validator';
import type { ErrorCode } from '../../platform/errors/error-catalogue.js';
import { IdCased, MayBeLeftOut } from '../../platform/http/validators.js';

export const EMAIL_ACTIONS = ['archive', 'unarchive', 'delete', 'retry', 'success', 'no_success'] as const;
export type EmailAction = (typeof EMAIL_ACTIONS)[number];

export class RetryEmail {
  /** For an email whose delivery is uncertain: it may arrive twice. Without it that is refused */
  @MayBeLeftOut()
  @IsBoolean()
  even_if_uncertain?: boolean;
}

export class BulkEmails extends RetryEmail {
  /** At most 200; each is answered in its place */
  @IdCased()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsUUID(undefined, { each: true })
  ids: string[];

  /** `success` is a mark of one's own on a sent email; `no_success` takes it away */
  @IsIn(EMAIL_ACTIONS)
  action: EmailAction;
}

export class BulkEmailError {
  /** As in problem details */
  code: ErrorCode;
  detail: string;
}

export class BulkEmailResult {
  id: string;
  ok: boolean;
  /** Why it did not go well */
  error?: BulkEmailError;
}

export class BulkEmailResults {
  /** One for each id, in their order */
  results: BulkEmailResult[];
}
