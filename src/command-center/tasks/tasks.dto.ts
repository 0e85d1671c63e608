import { IsIn, IsOptional, IsString, IsUUID, Length, MaxLength, ValidateIf } from 'class-validator';
import { IsInstant, IsLocalDate } from '../../platform/http/date-validators.js';
import type { Page } from '../../platform/http/page.js';
import { MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';
import type { ChangeOrigin } from './task-change.entity.js';
import { TASK_PRIORITIES, TASK_TYPES, type TaskPriority, type TaskStatus, type TaskType } from './task.entity.js';
import { IsWithin } from './text-length.js';
import { DETAILS_MAX, NAME_MAX } from './task-values.js';

/** What making and editing a task have in common */
export class TaskFields {
  /** Talking notes, shown when completing; at most 32,000 characters */
  @IsOptional()
  @IsString()
  @IsWithin(DETAILS_MAX)
  details?: string | null;

  /** YYYY-MM-DD, the same day in every time zone
   * @example "2026-03-04" */
  @IsOptional()
  @IsLocalDate()
  due_date?: string | null;

  /** When to be reminded, with its offset
   * @example "2026-03-04T09:00:00Z" */
  @IsOptional()
  @IsInstant()
  reminder_at?: string | null;

  @IsOptional()
  @IsUUID()
  person_id?: string | null;

  /** Related Salesforce record: an account, an opportunity, …
   * @example "0015g00000abcdeAAA" */
  @IsOptional()
  @IsString()
  what_id?: string | null;

  /** What to call the related record */
  @IsOptional()
  @Trimmed()
  @IsString()
  @MaxLength(255)
  what_name?: string | null;

  /** Calls only */
  @IsOptional()
  @Trimmed()
  @IsString()
  @MaxLength(255)
  call_outcome?: string | null;

  /** Calls only */
  @IsOptional()
  @Trimmed()
  @IsString()
  @MaxLength(255)
  call_reason?: string | null;

  /** `custom` when left out */
  @MayBeLeftOut()
  @IsIn(TASK_TYPES)
  type?: TaskType;

  /** `normal` when left out */
  @MayBeLeftOut()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  /** The caller when left out. A teammate: for admins, or when the person is shared */
  @MayBeLeftOut()
  @IsUUID()
  assignee_id?: string;
}

export class CreateTask extends TaskFields {
  /** At most 1,000 characters
   * @example "Call Grace about the renewal" */
  @Trimmed()
  @IsString()
  @Length(1, NAME_MAX)
  name: string;
}

/** What is left out stays as it is; null clears it */
export class UpdateTask extends TaskFields {
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, NAME_MAX)
  name?: string;
}

export class CompleteTask {
  /** Calls only */
  @IsOptional()
  @Trimmed()
  @IsString()
  @MaxLength(255)
  call_outcome?: string | null;

  /** Calls only */
  @IsOptional()
  @Trimmed()
  @IsString()
  @MaxLength(255)
  call_reason?: string | null;
}

export class SnoozeTask {
  /** When the views show it again; null: now
   * @example "2026-03-05T08:00:00Z" */
  @ValidateIf((_, value) => value !== null)
  @IsInstant()
  until: string | null;
}

export class TaskAssignee {
  id: string;
  name: string;
}

export class TaskPerson {
  id: string;
  name: string;
  email: string | null;
}

/** Where the task stands in Salesforce. Filled in by the sync, which tasks know nothing of. */
export class TaskInSalesforceView {
  /** 18 characters; null until it exists there */
  id: string | null;
  url: string | null;
  /** synced; waiting: a change is on its way; problem: refused there; off: its rep does not sync; deleted: gone there */
  state: 'synced' | 'waiting' | 'problem' | 'off' | 'deleted';
  /** Status and priority as they are there, which may say more than ours */
  status: string | null;
  priority: string | null;
  archived: boolean;
}

/** An email that a task follows up. Filled in by the emails, which tasks know nothing of. */
export class TaskEmailView {
  id: string;
}

export class TaskView {
  id: string;
  type: TaskType;
  name: string;
  status: TaskStatus;
  priority: TaskPriority;
  /** YYYY-MM-DD */
  due_date: string | null;
  details: string | null;
  reminder_at: Date | null;
  assignee: TaskAssignee;
  person: TaskPerson | null;
  /** The lead or contact in Salesforce that it is about */
  who_id: string | null;
  /** The related record in Salesforce */
  what_id: string | null;
  what_name: string | null;
  call_outcome: string | null;
  call_reason: string | null;
  /** Hidden from the views until then */
  snoozed_until: Date | null;
  /** Since when it belongs to somebody else in Salesforce: out of the views and not to be edited here */
  away_since: Date | null;
  created_at: Date;
  updated_at: Date;
  /** When it was completed or skipped */
  closed_at: Date | null;
  deleted_at: Date | null;
  /** The version in the ETag */
  version: number;
  /** Null: not synced */
  salesforce?: TaskInSalesforceView | null;
  /** That it follows up; null: none */
  email?: TaskEmailView | null;
}

export class TaskPage implements Page<TaskView> {
  data: TaskView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}

export class ChangeAuthor {
  /** `user:<id>`, `key:<id>`, or `salesforce:<user id there>`; null when nobody can be named */
  id: string | null;
  name: string;
}

export class TaskChangeView {
  id: string;
  /** `created`, `deleted`, `restored`, `left` and `returned` (owner in Salesforce), or a field of the task */
  field: string;
  old: string | null;
  new: string | null;
  origin: ChangeOrigin;
  who: ChangeAuthor;
  at: Date;
}

export class TaskHistoryPage implements Page<TaskChangeView> {
  /** Newest first */
  data: TaskChangeView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
