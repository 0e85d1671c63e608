import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsUUID } from 'class-validator';
import type { ErrorCode } from '../../platform/errors/error-catalogue.js';
import { IsLocalDate } from '../../platform/http/date-validators.js';
import { IdCased, MayBeLeftOut } from '../../platform/http/validators.js';
import { TASK_PRIORITIES, type TaskPriority } from './task.entity.js';

export const BULK_ACTIONS = [
  'complete',
  'skip',
  'reopen',
  'reschedule',
  'reassign',
  'set_priority',
  'delete',
  'restore',
] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];
export const BULK_MAX = 200;

export class BulkTasks {
  /** At most 200; each is answered in its place */
  @IdCased()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(BULK_MAX)
  @IsUUID(undefined, { each: true })
  ids: string[];

  @IsIn(BULK_ACTIONS)
  action: BulkAction;

  /** For `reschedule`, which needs it; null: no date
   * @example "2026-03-04" */
  @IsOptional()
  @IsLocalDate()
  due_date?: string | null;

  /** For `reassign`, which needs it */
  @MayBeLeftOut()
  @IsUUID()
  assignee_id?: string;

  /** For `set_priority`, which needs it */
  @MayBeLeftOut()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;
}

export class BulkTaskError {
  /** As in problem details */
  code: ErrorCode;
  detail: string;
}

export class BulkTaskResult {
  id: string;
  ok: boolean;
  /** The task's version from now on, when it went well */
  task_version?: number;
  /** Why it did not */
  error?: BulkTaskError;
}

export class BulkTaskResults {
  /** One for each id, in their order */
  results: BulkTaskResult[];
}
