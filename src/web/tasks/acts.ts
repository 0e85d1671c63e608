import type { Task } from './lists';

export type Act =
  | { action: 'skip' | 'reopen' | 'delete' | 'restore' }
  | { action: 'complete'; call?: { outcome: string; reason: string } }
  | { action: 'reschedule'; due_date: string | null }
  | { action: 'snooze'; until: string | null }
  | { action: 'reassign'; assignee_id: string; assignee_name: string }
  | { action: 'set_priority'; priority: Task['priority'] };

/** Pure: a task as an act leaves it. */
export function afterAct(act: Act, task: Task, now: Date): Task {
  const at = now.toISOString();
  switch (act.action) {
    case 'complete':
      return { ...task, status: 'completed', closed_at: at, ...callOf(act.call) };
    case 'skip':
      return { ...task, status: 'skipped', closed_at: at };
    case 'reopen':
      return { ...task, status: 'open', closed_at: null };
    case 'delete':
      return { ...task, deleted_at: at };
    case 'restore':
      return { ...task, deleted_at: null };
    case 'reschedule':
      return { ...task, due_date: act.due_date };
    case 'snooze':
      return { ...task, snoozed_until: act.until };
    case 'reassign':
      return { ...task, assignee: { id: act.assignee_id, name: act.assignee_name } };
    case 'set_priority':
      return { ...task, priority: act.priority };
  }
}

function callOf(call: { outcome: string; reason: string } | undefined) {
  return call && { call_outcome: call.outcome || null, call_reason: call.reason || null };
}

/** Pure: the acts that undo one, each with its tasks: they may have had different values before. */
export function undoOf(act: Act, before: readonly Task[]): { act: Act; ids: string[] }[] {
  const all = before.map(({ id }) => id);
  switch (act.action) {
    case 'complete':
    case 'skip':
      return [{ act: { action: 'reopen' }, ids: all }];
    case 'reopen':
      return grouped(before, ({ status }) => status).map(([status, ids]) => ({
        act: { action: status === 'skipped' ? 'skip' : 'complete' },
        ids,
      }));
    case 'delete':
      return [{ act: { action: 'restore' }, ids: all }];
    case 'restore':
      return [{ act: { action: 'delete' }, ids: all }];
    case 'reschedule':
      return grouped(before, (task) => task.due_date ?? '').map(([due, ids]) => ({
        act: { action: 'reschedule', due_date: due === '' ? null : due },
        ids,
      }));
    case 'snooze':
      return grouped(before, (task) => task.snoozed_until ?? '').map(([until, ids]) => ({
        act: { action: 'snooze', until: until === '' ? null : until },
        ids,
      }));
    case 'reassign':
      return grouped(before, (task) => task.assignee.id).map(([id, ids]) => {
        const name = before.find((task) => task.assignee.id === id)?.assignee.name ?? '';
        return { act: { action: 'reassign', assignee_id: id, assignee_name: name }, ids };
      });
    case 'set_priority':
      return grouped(before, (task) => task.priority).map(([priority, ids]) => ({
        act: { action: 'set_priority', priority: priority as Task['priority'] },
        ids,
      }));
  }
}

function grouped(tasks: readonly Task[], keyOf: (task: Task) => string): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const task of tasks) groups.set(keyOf(task), [...(groups.get(keyOf(task)) ?? []), task.id]);
  return [...groups];
}

const DONE: Readonly<Record<Act['action'], string>> = {
  complete: 'completed',
  skip: 'skipped',
  reopen: 'opened again',
  delete: 'deleted',
  restore: 'restored',
  reschedule: 'rescheduled',
  snooze: 'snoozed',
  reassign: 'reassigned',
  set_priority: 'changed',
};

/** Pure: what was done, as a sentence. */
export function doneWords(act: Act, names: readonly string[]): string {
  const what = names.length === 1 ? `“${names[0]}”` : `${names.length} tasks`;
  const done = act.action === 'snooze' && act.until === null ? 'woken' : DONE[act.action];
  return `${what} ${done}.`;
}

/** Pure: that an act was undone. */
export function undoneWords(names: readonly string[]): string {
  return names.length === 1 ? `Undone: “${names[0]}” is as it was.` : `Undone: ${names.length} tasks are as they were.`;
}

export interface Refusal {
  name: string;
  detail: string;
}

/** Pure: what the server refused, beside what it did: “18 done, 2 refused”, and why. */
export function refusedWords(doneCount: number, refusals: readonly Refusal[]): string {
  const [first] = refusals;
  if (!first) return '';
  const reasons = new Set(refusals.map(({ detail }) => detail));
  if (refusals.length === 1 && doneCount === 0) return `“${first.name}” was left as it was: ${first.detail}`;
  const head = `${doneCount} done, ${refusals.length} refused and left as they were:`;
  if (reasons.size === 1) return `${head} ${first.detail}`;
  const shown = refusals.slice(0, 3).map(({ name, detail }) => `“${name}”: ${detail}`);
  const more = refusals.length > shown.length ? ` And ${refusals.length - shown.length} more, marked in the list.` : '';
  return `${head} ${shown.join(' ')}${more}`;
}
