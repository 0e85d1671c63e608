import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export const ALLOWANCE_STATES = ['free', 'slow', 'parked'] as const;

export class ChangeApiBudgetDto {
  /** Up to this percent of the org's daily limit, counted over all that use the org, Command Center may call */
  @IsInt()
  @Min(1)
  @Max(100)
  share_percent: number;

  /** Percent of the daily limit, below that, which is kept for people's changes; less than the share */
  @IsInt()
  @Min(0)
  @Max(99)
  reserve_percent: number;
}

export class ApiUsageQuery {
  /** How far back the calls go; at most 30 days
   * @example 168 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(720)
  hours: number = 24;
}

/** What the budget says to one kind of work */
export class ApiAllowanceDto {
  /** slow: with longer pauses; parked: not before the window has freed */
  state: (typeof ALLOWANCE_STATES)[number];
  /** Seconds between two turns of it, when it is slow */
  every_seconds: number | null;
  /** When it may go on, at the earliest, when it is parked */
  until: Date | null;
}

export class ApiForecastDto {
  /** Our calls an hour at present */
  calls_per_hour: number;
  /** When the ceiling is met at this rate; null: not within a day */
  ceiling_met_at: Date | null;
  /** When the usage can be below the ceiling again, at the earliest; null: it is */
  ceiling_frees_at: Date | null;
}

/** Our calls of one hour for one purpose, retries included */
export class ApiCallsDto {
  hour: Date;
  purpose: string;
  calls: number;
}

/** The org's API calls of the last 24 hours, by all who use it, and our part in them */
export class ApiUsageDto {
  /** As the org last said; null: it has not been called yet */
  used: number | null;
  limit: number | null;
  seen_at: Date | null;
  share_percent: number;
  reserve_percent: number;
  /** In calls */
  ceiling: number | null;
  /** In calls */
  reserve: number | null;
  /** What is slowed or parked and what that means, for a person */
  sentence: string;
  people: ApiAllowanceDto;
  polling: ApiAllowanceDto;
  background: ApiAllowanceDto;
  forecast: ApiForecastDto;
  /** Our calls of the last 24 hours */
  own_calls: number;
  calls: ApiCallsDto[];
}
