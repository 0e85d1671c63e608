import type { Link } from '../task-sync/links.repository.js';
import type { SyncStatusDto } from '../task-sync/task-sync.dto.js';
import type { TaskSyncState } from '../task-sync/sync-status.service.js';
import { explain } from './explain.js';
import type { TraceHeadDto } from './trace.dto.js';

export interface TracedTask {
  id: string;
  name: string;
  deleted: boolean;
}

/** Pure: where a task stands, from its link and the team's sync. */
export function headOf(
  task: TracedTask,
  link: Link | undefined,
  shown: TaskSyncState | undefined,
  status: SyncStatusDto,
  now: Date,
): TraceHeadDto {
  const state = link ? (shown?.state ?? 'off') : 'not_synced';
  const waitingFor = link ? waitsFor(link, status, now) : null;
  const parked = link?.parkedCode ?? null;
  const { sentence, advice } = explain(parked ?? '');
  return {
    task_id: task.id,
    task_name: task.name,
    deleted: task.deleted,
    state,
    sentence: waitingFor ?? SENTENCES[state],
    salesforce_id: link?.salesforceId ?? null,
    salesforce_url: shown?.url ?? null,
    due_since: link?.dueSince ?? null,
    not_before: link?.notBefore ?? null,
    waiting_for: waitingFor,
    attempts: link?.attempts ?? 0,
    in_doubt: link?.sent ? { operation: link.sent.op, at: link.sent.at } : null,
    parked: parked === null ? null : { code: parked, sentence, advice },
    frozen: link?.frozen ?? false,
    deleted_there: link?.deletedThere ?? false,
    archived: link?.archived ?? false,
    agreed: link?.base ? { there: link.base.there, here: link.base.here } : null,
  };
}

const SENTENCES: Record<TraceHeadDto['state'], string> = {
  synced: 'The same here and in Salesforce.',
  waiting: 'A change is on its way to Salesforce.',
  problem: 'It waits for a person.',
  off: 'The sync of its rep is off: nothing moves.',
  deleted: 'It is deleted in Salesforce.',
  not_synced: 'It is not synced: its assignee did not sync when it was made. “Send to Salesforce” sends it.',
};

/** What the next step waits for; null when there is none. */
export function waitsFor(link: Link, status: SyncStatusDto, now: Date): string | null {
  if (link.frozen) return SENTENCES.off;
  if (link.parkedCode) return `It waits for a person: ${explain(link.parkedCode).sentence}`;
  if (!link.dueSince) return null;
  if (!status.two_way) return `It waits for the sync: ${status.advice}`;
  if (link.notBefore && link.notBefore > now) {
    return `The last try failed; it is tried again by itself at ${link.notBefore.toISOString()}.`;
  }
  if (status.resting_until && status.resting_until > now) {
    return `Calls to Salesforce rest until ${status.resting_until.toISOString()}: ${status.last_failure ?? 'it asked for that.'}`;
  }
  if (link.sent) return 'It was sent, and the answer is not known yet: the next look finds out.';
  return SENTENCES.waiting;
}
