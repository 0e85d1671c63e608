import { IsIn, IsInt, IsOptional, Min } from 'class-validator';
import { ListQuery } from '../task-sync.dto.js';
import type { AlarmState } from './sync-alarm.entity.js';

const STATES = ['open', 'confirmed', 'dismissed', 'over'] as const satisfies readonly AlarmState[];

export class AlarmsQuery extends ListQuery {
  @IsOptional()
  @IsIn(STATES)
  state?: AlarmState;
}

export class ConfirmAlarmDto {
  /** How many tasks you were shown (`absent`): refused when they are more by now. */
  @IsOptional()
  @IsInt()
  @Min(1)
  absent?: number;
}

export class AlarmTaskDto {
  id: string;
  name: string;
  salesforce_id: string | null;
}

/** So many Salesforce records vanished at once that nothing was deleted: a person says why. */
export class AlarmDto {
  id: string;
  kind: 'improbable_absence';
  /** open: waits for you; confirmed; dismissed: being looked at again; over: all are to be seen again. */
  state: 'open' | 'confirmed' | 'dismissed' | 'over';
  /** What is happening. */
  sentence: string;
  /** What to do. */
  advice: string;
  /** Records that were asked for, and those of them that are not to be seen. */
  asked: number;
  absent: number;
  /** Whether the integration user had View All Data when it was last looked; null: the org does not say. */
  view_all_data: boolean | null;
  /** A few of the tasks. */
  tasks: AlarmTaskDto[];
  first_at: Date;
  last_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
}

export class AlarmPageDto {
  data: AlarmDto[];
  next: string | null;
}
