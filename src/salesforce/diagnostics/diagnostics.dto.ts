import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { ListQuery } from '../task-sync/task-sync.dto.js';
import type { ConflictReason } from '../task-sync/sync-conflict.entity.js';

export class ConflictsQuery extends ListQuery {
  @IsOptional()
  @IsUUID()
  task_id?: string;
}

export class ProblemsQuery extends ListQuery {
  @IsOptional()
  @IsUUID()
  task_id?: string;

  @IsOptional()
  @IsIn(['open', 'ignored', 'all'])
  state?: 'open' | 'ignored' | 'all';

  /** Only those of this kind. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  code?: string;
}

/** Somebody who did something, here or in Salesforce. */
export class WhoDto {
  /** `user:<id>`, `key:<id>` or `salesforce:<user id there>`. */
  id: string;
  name: string;
}

/** A value as Salesforce has it, and as people say it. */
export class ValueDto {
  value: string | null;
  /** A person's, user's or record's name instead of its id. */
  words: string | null;
}

/** One field that both sides changed: who won and why, and the losing value, kept. */
export class ConflictDto {
  id: string;
  task_id: string;
  task_name: string;
  /** A Salesforce field, or `deletion`. */
  field: string;
  /** What people call it. */
  field_name: string;
  base: string | null;
  here: string | null;
  there: string | null;
  /** The same three in words. */
  words: ConflictWordsDto;
  winner: 'here' | 'there';
  /** policy: one side always wins; later: the later change won; tie: changed in the same second; deletion: it wins over an edit. */
  reason: ConflictReason | null;
  /** All of it in a sentence or two. */
  explanation: string;
  here_changed_at: Date | null;
  there_changed_at: Date | null;
  here_changed_by: WhoDto | null;
  there_changed_by: WhoDto | null;
  at: Date;
  /** When the losing value was put into force again. */
  restored_at: Date | null;
  restored_by: WhoDto | null;
}

export class ConflictWordsDto {
  base: string | null;
  here: string | null;
  there: string | null;
}

export class ConflictPageDto {
  data: ConflictDto[];
  next: string | null;
}

/** What a restoration did. */
export class RestoredConflictDto {
  conflict: ConflictDto;
  /** What was in force until now; it stays in the history. */
  replaced: ValueDto;
  /** What is in force now. */
  restored: ValueDto;
  sentence: string;
}

/** Why a task is not in step with Salesforce. */
export class ProblemDto {
  id: string;
  task_id: string | null;
  task_name: string | null;
  assignee_id: string | null;
  salesforce_id: string | null;
  code: string;
  category: 'authentication' | 'access_or_validation' | 'intermittent' | 'other';
  /** stop: the connection stops; park: waits until someone acts; retry: again by itself; fact: no error. */
  behaviour: 'stop' | 'park' | 'retry' | 'fact';
  /** What is happening. */
  sentence: string;
  /** What to do. */
  advice: string;
  /** Salesforce's own words. */
  message: string;
  fields: string[];
  attempts: number;
  first_at: Date;
  last_at: Date;
  /** ignored: left alone until somebody edits the task; not counted as open. */
  state: 'open' | 'ignored' | 'resolved';
  resolved_at: Date | null;
  ignored_at: Date | null;
  /** Whether it waits for a person; else it is tried again by itself. */
  waits_for_a_person: boolean;
}

export class ProblemPageDto {
  data: ProblemDto[];
  next: string | null;
}

/** All open problems of one code. */
export class ProblemKindDto {
  code: string;
  category: 'authentication' | 'access_or_validation' | 'intermittent' | 'other';
  behaviour: 'stop' | 'park' | 'retry' | 'fact';
  sentence: string;
  advice: string;
  count: number;
}

export class ProblemKindsDto {
  data: ProblemKindDto[];
}

export class RetryProblemsDto {
  /** The kind: all open problems with this code. */
  @IsString()
  @Length(1, 100)
  code: string;
}

export class RetriedProblemsDto {
  /** Tasks that are tried again. */
  retried: number;
}
