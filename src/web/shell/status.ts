import type { Schemas } from '../api/client';
import { agoWords } from '../tasks/due';

export interface StatusWords {
  tone: 'good' | 'waiting' | 'bad' | 'off';
  title: string;
  detail: string;
}

/** Pure: whether Salesforce is in step, as one line that a rep understands. */
export function statusWords(status: Schemas['SyncStatusDto'], now: Date): StatusWords {
  const { connected, paused, advice, problems, open_alarms: alarms, waiting, last_pull_at: pulled } = status;
  const read = pulled === null ? 'Not read yet' : `Read ${agoWords(pulled, now)}`;
  if (!connected) return { tone: 'off', title: 'Salesforce is not connected', detail: advice };
  if (paused) return { tone: 'waiting', title: 'Sync is paused', detail: advice || read };
  if (problems + alarms > 0) {
    const what = problems === 1 ? '1 task needs you' : `${problems} tasks need you`;
    return { tone: 'bad', title: problems > 0 ? what : 'Records vanished in Salesforce', detail: read };
  }
  if (status.resting_until !== null) return { tone: 'waiting', title: 'Salesforce does not answer', detail: advice };
  if (status.reps_reading > 0) return { tone: 'waiting', title: 'First sync is running', detail: read };
  if (waiting > 0)
    return { tone: 'waiting', title: `Sending ${waiting} ${waiting === 1 ? 'change' : 'changes'}`, detail: read };
  if (status.reps_syncing === 0) return { tone: 'off', title: 'Nobody syncs yet', detail: advice || read };
  return { tone: 'good', title: 'In step with Salesforce', detail: read };
}
