import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IdCased } from '../../platform/http/validators.js';
import { RUN_KINDS, type RunKind } from './sync-run.entity.js';
import { CONFLICT_POLICIES, type ConflictPolicy, SYNC_SCOPES, type SyncScope } from './task-sync-settings.entity.js';

const SKIPPED_AS = ['completed', 'deleted', 'status'] as const;

/** A team's choices for the task sync. */
export class TaskSyncSettingsDto {
  /** Who wins when both sides changed one field. */
  conflict_policy: ConflictPolicy;
  /** What a first-time sync imports. */
  scope: SyncScope;
  /** Activity detail template: how a task's Subject is made. */
  subject_template: string;
  /** Status of an open task there; null: the org's default open one. */
  open_status: string | null;
  /** Status of a completed task there; null: Completed, else the first closed one. */
  completed_status: string | null;
  /** What a skipped task becomes there. */
  skipped_as: 'completed' | 'deleted' | 'status';
  skipped_status: string | null;
}

export class ChangeTaskSyncSettingsDto {
  @IsOptional()
  @IsIn(CONFLICT_POLICIES)
  conflict_policy?: ConflictPolicy;

  @IsOptional()
  @IsIn(SYNC_SCOPES)
  scope?: SyncScope;

  /** Free text and dynamic fields such as {{activity_subject}}. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  subject_template?: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  open_status?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  completed_status?: string | null;

  @IsOptional()
  @IsIn(SKIPPED_AS)
  skipped_as?: 'completed' | 'deleted' | 'status';

  @IsOptional()
  @IsString()
  @MaxLength(255)
  skipped_status?: string | null;
}

/** A rep's task sync setting. */
export class EnrolmentDto {
  user_id: string;
  salesforce_user_id: string;
  /** off; queued: waits for its first-time sync; reading: it runs; synced; cancelled: ongoing, the first sync was ended early. */
  state: 'off' | 'queued' | 'reading' | 'synced' | 'cancelled';
  locked: boolean;
  scope: SyncScope;
  enrolled_at: Date;
  turned_off_at: Date | null;
  /** The first-time sync that reads it, to follow its progress. */
  run_id: string | null;
}

/** How one's own task sync stands. */
export class OwnEnrolmentDto {
  /** As in the list of users; off also where it was never on. */
  state: EnrolmentDto['state'];
  /** An admin decides; one cannot change it oneself. */
  locked: boolean;
  /** Null: it was never on. */
  scope: SyncScope | null;
  enrolled_at: Date | null;
  turned_off_at: Date | null;
  /** Who one is in Salesforce; null: nobody yet, and an admin has to say so before it can be turned on. */
  salesforce_username: string | null;
  /** Of a first-time sync that is running, which may read others too. */
  first_sync: FirstSyncProgressDto | null;
}

export class FirstSyncProgressDto {
  done: number;
  /** Null: not counted yet. */
  total: number | null;
}

export class ChangeEnrolmentsDto {
  /** At most 1,000 users at once. */
  @IdCased()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsUUID(undefined, { each: true })
  user_ids: string[];

  @IsBoolean()
  enabled: boolean;

  @IsOptional()
  @IsIn(SYNC_SCOPES)
  scope?: SyncScope;

  /** Admins: whether the rep may change it. */
  @IsOptional()
  @IsBoolean()
  locked?: boolean;
}

export class ChangeOwnEnrolmentDto {
  @IsBoolean()
  enabled: boolean;

  @IsOptional()
  @IsIn(SYNC_SCOPES)
  scope?: SyncScope;
}

export class SettingErrorDto {
  code: string;
  detail: string;
}

export class SettingResultDto {
  user_id: string;
  ok: boolean;
  error?: SettingErrorDto;
}

export class SettingResultsDto {
  results: SettingResultDto[];
}

export class PreviewRequestDto {
  @IdCased()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsUUID(undefined, { each: true })
  user_ids: string[];

  @IsOptional()
  @IsIn(SYNC_SCOPES)
  scope?: SyncScope;
}

export class ScopeCountsDto {
  recent: number;
  due: number;
  open: number;
  all: number;
}

export class LeftOutDto {
  recurring_series: number;
  logged_emails: number;
}

/** What a first-time sync would do. */
export class PreviewDto {
  /** Salesforce Tasks that each scope takes in. */
  scopes: ScopeCountsDto;
  /** Of the chosen scope, those that are no tasks here. */
  left_out: LeftOutDto;
  /** Tasks linked from an earlier time, which will be merged. */
  linked: number;
  /** Users without a Salesforce user: they cannot be turned on. */
  unmatched_user_ids: string[];
  /** Salesforce API calls that it costs, about. */
  api_calls: number;
}

export class RunDto {
  id: string;
  kind: RunKind;
  status: 'running' | 'done' | 'cancelled' | 'failed';
  /** Tasks that a first-time sync will read; null until they are counted, and for other kinds. */
  total: number | null;
  /** Tasks read so far. */
  done: number;
  /** What happened, by kind: imported, merged, created, updated, deleted, conflicts, failed, skipped_…; of a reconcile found_… and
   * repaired_… by kind. */
  counts: Record<string, number>;
  api_calls: number;
  error: string | null;
  started_at: Date;
  finished_at: Date | null;
}

export class RunPageDto {
  data: RunDto[];
  next: string | null;
}

export class ListQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `next` of the page before. */
  @IsOptional()
  @IsUUID()
  after?: string;
}

export class RunsQuery extends ListQuery {
  @IsOptional()
  @IsIn(RUN_KINDS)
  kind?: RunKind;
}

/** Where the team's sync stands. */
export class SyncStatusDto {
  connected: boolean;
  paused: boolean;
  /** Whether changes made here go to Salesforce; if not, why and what to do. */
  two_way: boolean;
  advice: string;
  last_pull_at: Date | null;
  next_pull_at: Date | null;
  /** Tasks that wait to be written there. */
  waiting: number;
  /** Since when the longest of them waits. */
  waiting_since: Date | null;
  /** Tasks whose write Salesforce refused, but for those that are ignored: the team’s, for a member their own. */
  problems: number;
  /** Set while calls to Salesforce fail: when it is tried again. */
  resting_until: Date | null;
  /** Why it rests. */
  last_failure: string | null;
  reps_syncing: number;
  reps_reading: number;
  /** When both sides were last compared as a whole; null: never. */
  last_reconcile_at: Date | null;
  /** How many differences that comparison found (and repaired) that should not have been. */
  last_reconcile_drift: number | null;
  next_reconcile_at: Date | null;
  /** Alarms that wait for a person. */
  open_alarms: number;
}
