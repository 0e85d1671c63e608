import { absenceWords } from './absence-words.js';
import type { AlarmDto } from './alarms.dto.js';
import type { Alarm, NamedAbsence } from './alarms.repository.js';

/** An alarm as the API shows it; `examples` may be of several alarms. */
export function alarmView(alarm: Alarm, examples: readonly NamedAbsence[]): AlarmDto {
  return {
    id: alarm.id,
    kind: 'improbable_absence',
    state: alarm.state,
    ...absenceWords(alarm),
    asked: alarm.asked,
    absent: alarm.absent,
    view_all_data: alarm.seesAll,
    tasks: examples
      .filter(({ alarmId }) => alarmId === alarm.id)
      .map(({ taskId, name, salesforceId }) => ({ id: taskId, name, salesforce_id: salesforceId })),
    first_at: alarm.at,
    last_at: alarm.lastAt,
    decided_by: alarm.decidedBy,
    decided_at: alarm.decidedAt,
  };
}
