import { ApiProperty } from '@nestjs/swagger';
import type { ChangeOrigin } from '../../command-center/tasks/task-change.entity.js';
import { ConflictDto, ProblemDto, WhoDto } from './diagnostics.dto.js';
import type { AttemptOperation, AttemptOutcome } from './sync-attempt.entity.js';

/** A write in doubt: it went out, and its answer is not known yet. */
export class InDoubtDto {
  operation: 'create' | 'update' | 'delete' | 'restore';
  at: string;
}

/** Why it waits for a person. */
export class ParkedDto {
  code: string;
  sentence: string;
  advice: string;
}

/** The last state that both sides agreed on. */
export class AgreedDto {
  /** Salesforce's values, by its fields. */
  there: Record<string, string | null>;
  /** What they stood for here. */
  here: Record<string, string>;
}

/** Where one task stands between here and Salesforce. */
export class TraceHeadDto {
  task_id: string;
  task_name: string;
  deleted: boolean;
  /** not_synced: it has no link. */
  state: 'synced' | 'waiting' | 'problem' | 'off' | 'deleted' | 'not_synced';
  /** All of it in a sentence. */
  sentence: string;
  salesforce_id: string | null;
  salesforce_url: string | null;
  /** Since when a change waits to be written there. */
  due_since: Date | null;
  /** Not tried before then. */
  not_before: Date | null;
  /** What it waits for; null: for nothing. */
  waiting_for: string | null;
  /** How often the present change was tried and failed. */
  attempts: number;
  in_doubt: InDoubtDto | null;
  parked: ParkedDto | null;
  /** The rep's sync is off: nothing moves. */
  frozen: boolean;
  deleted_there: boolean;
  archived: boolean;
  agreed: AgreedDto | null;
}

/** An attempt to bring it into step, or what was taken over from there. */
export class AttemptDto {
  operation: AttemptOperation;
  outcome: AttemptOutcome;
  code: string | null;
  message: string | null;
  fields: string[];
  salesforce_id: string | null;
}

export class FieldChangeDto {
  field: string;
  old: string | null;
  new: string | null;
  origin: ChangeOrigin;
}

const TRACE_KINDS = ['attempt', 'change', 'conflict', 'problem'] as const;

/** One line of a task's trace; of the four last fields, the one that `kind` names is there. */
export class TraceLineDto {
  id: string;
  at: Date;
  // Said in this order, whatever order the compiler keeps the type in.
  @ApiProperty({ enum: TRACE_KINDS })
  kind: (typeof TRACE_KINDS)[number];
  sentence: string;
  who: WhoDto | null;
  attempt?: AttemptDto;
  change?: FieldChangeDto;
  conflict?: ConflictDto;
  problem?: ProblemDto;
}

export class TraceDto {
  head: TraceHeadDto;
  /** Newest first. Attempts are kept for 90 days. */
  data: TraceLineDto[];
  next: string | null;
}
