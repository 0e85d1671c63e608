import { IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { IsInstant, IsLocalDate } from '../../platform/http/date-validators.js';
import { PageQuery } from '../../platform/http/page.js';
import { IsTimeZone } from '../../platform/http/validators.js';
import {
  TASK_PRIORITIES,
  TASK_STATUSES,
  TASK_TYPES,
  type TaskPriority,
  type TaskStatus,
  type TaskType,
} from './task.entity.js';
import { TASK_VIEWS, type TaskViewName } from './task-views.js';

const ASSIGNEE = /^(me|any|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

export class TaskCountsQuery {
  /** A user's id, `me`, or `any` (of all that you may see). When left out: `me`, with a team's key `any` */
  @IsOptional()
  @Matches(ASSIGNEE, { message: 'must be me, any, or the id of a user' })
  assignee_id?: string;

  /** IANA name: what "today" means; when left out, the user's own, with a team's key UTC
   * @example "Europe/Berlin" */
  @IsOptional()
  @IsTimeZone()
  time_zone?: string;

  @IsOptional()
  @IsIn(TASK_TYPES)
  type?: TaskType;

  @IsOptional()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  @IsOptional()
  @IsUUID()
  person_id?: string;

  /** Part of the name */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || undefined : value))
  @IsString()
  @MaxLength(200)
  q?: string;

  /** Changed at or after this time
   * @example "2026-03-04T09:00:00Z" */
  @IsOptional()
  @IsInstant()
  updated_since?: string;
}

export class TaskListQuery extends IntersectionType(TaskCountsQuery, PageQuery) {
  /**
   * `today` (when left out): open and due today or tomorrow; `overdue`: before today; `next_7_days`: from today on;
   * `upcoming`: after tomorrow; `no_date`; `range`: `from` to `to`; these by due date, snoozed ones hidden.
   * `completed`: completed or skipped, latest first. `all`: open and closed, newest first
   */
  @IsOptional()
  @IsIn(TASK_VIEWS)
  view?: TaskViewName;

  /** View `completed` or `all` only: the others have open tasks */
  @IsOptional()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  /** First due date of the view `range` */
  @IsOptional()
  @IsLocalDate()
  from?: string;

  /** Last due date of the view `range` */
  @IsOptional()
  @IsLocalDate()
  to?: string;
}

/** How many tasks each view has */
export class TaskCounts {
  today: number;
  overdue: number;
  next_7_days: number;
  upcoming: number;
  no_date: number;
  completed: number;
  all: number;
}
