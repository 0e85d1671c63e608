import type { TaskPriority, TaskStatus, TaskType } from './task.entity.js';

/** Longest details, characters: what Salesforce's Description holds. Longer is refused, never cut. */
export const DETAILS_MAX = 32_000;
/** Longest name here, characters. */
export const NAME_MAX = 1_000;

/** The values of a task, as its services pass them on. Times are ISO 8601 text in UTC, due_date is YYYY-MM-DD. */
export interface TaskValues {
  type: TaskType;
  name: string;
  status: TaskStatus;
  priority: TaskPriority;
  dueDate: string | null;
  details: string | null;
  reminderAt: string | null;
  assigneeId: string;
  personId: string | null;
  whoId: string | null;
  whatId: string | null;
  whatName: string | null;
  callOutcome: string | null;
  callReason: string | null;
  snoozedUntil: string | null;
  awaySince: string | null;
  closedAt: string | null;
  deletedAt: string | null;
}
export type TaskField = keyof TaskValues;

/** What a new task is, but for what it is called and whose it is. */
export const BLANK_TASK: Omit<TaskValues, 'name' | 'assigneeId'> = {
  type: 'custom',
  status: 'open',
  priority: 'normal',
  dueDate: null,
  details: null,
  reminderAt: null,
  personId: null,
  whoId: null,
  whatId: null,
  whatName: null,
  callOutcome: null,
  callReason: null,
  snoozedUntil: null,
  awaySince: null,
  closedAt: null,
  deletedAt: null,
};

/** Column of each value. */
export const TASK_COLUMNS: Record<TaskField, string> = {
  type: 'type',
  name: 'name',
  status: 'status',
  priority: 'priority',
  dueDate: 'due_date',
  details: 'details',
  reminderAt: 'reminder_at',
  assigneeId: 'assignee_id',
  personId: 'person_id',
  whoId: 'who_id',
  whatId: 'what_id',
  whatName: 'what_name',
  callOutcome: 'call_outcome',
  callReason: 'call_reason',
  snoozedUntil: 'snoozed_until',
  awaySince: 'away_since',
  closedAt: 'closed_at',
  deletedAt: 'deleted_at',
};

/** Changes that follow from others and so have no line of their own in the history. */
const DERIVED: ReadonlySet<TaskField> = new Set(['closedAt', 'whatName', 'deletedAt', 'awaySince']);

/** Which values differ. */
export function changedFields(before: TaskValues, after: TaskValues): TaskField[] {
  return (Object.keys(TASK_COLUMNS) as TaskField[]).filter((field) => before[field] !== after[field]);
}

export interface HistoryEntry {
  field: string;
  old: string | null;
  new: string | null;
}

/** The lines that a change adds to a task's history. */
export function historyOf(before: TaskValues | null, after: TaskValues): HistoryEntry[] {
  if (!before) return [{ field: 'created', old: null, new: null }];
  const entries: HistoryEntry[] = [];
  if (before.deletedAt !== after.deletedAt) {
    entries.push({ field: after.deletedAt ? 'deleted' : 'restored', old: null, new: null });
  }
  if ((before.awaySince === null) !== (after.awaySince === null)) {
    entries.push({ field: after.awaySince ? 'left' : 'returned', old: null, new: null });
  }
  for (const field of changedFields(before, after)) {
    if (!DERIVED.has(field)) entries.push({ field: TASK_COLUMNS[field], old: before[field], new: after[field] });
  }
  return entries;
}
