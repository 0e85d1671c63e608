import { secondOf, textOf } from '../compare-fields.js';
import type { HereTask, Rows, ThereTask } from '../compare-types.js';

/** What somebody wrote on one side, by the names of that side's API, and that nobody else wrote differently. */
export interface Written {
  side: 'here' | 'there';
  id: string;
  fields: Record<string, unknown>;
}

type Reading<Task> = (task: Task) => unknown;

const HERE: Record<string, Reading<HereTask>> = {
  name: (task) => task.name,
  status: (task) => task.status,
  priority: (task) => task.priority,
  due_date: (task) => task.dueDate,
  details: (task) => task.details,
  reminder_at: (task) => secondOf(task.reminderAt),
  assignee_id: (task) => task.assigneeId,
  deleted: (task) => task.isDeleted,
};

const THERE: Record<string, Reading<ThereTask>> = {
  Subject: (task) => task.subject,
  Priority: (task) => task.priority,
  ActivityDate: (task) => task.activityDate,
  Description: (task) => task.description,
  ReminderDateTime: (task) => (task.isReminderSet ? secondOf(task.reminderAt) : null),
  OwnerId: (task) => task.ownerId,
  WhoId: (task) => task.whoId,
  Status: (task) => task.status,
  deleted: (task) => task.isDeleted,
};

export interface LostChange {
  side: 'here' | 'there';
  id: string;
  field: string;
  written: string;
  found: string;
}

/**
 * What was written and is not there any more, on the side where it was written. Two sides that agree on the old value
 * are equal, too: this finds the update that was lost on the way.
 */
export function lostChanges(written: readonly Written[], rows: Pick<Rows, 'here' | 'there'>): LostChange[] {
  const here = new Map(rows.here.map((task) => [task.id, task]));
  const there = new Map(rows.there.map((task) => [task.id, task]));
  return written.flatMap((one) =>
    one.side === 'here' ? lost(one, here.get(one.id), HERE) : lost(one, there.get(one.id), THERE),
  );
}

function lost<Task>(
  { side, id, fields }: Written,
  task: Task | undefined,
  readings: Record<string, Reading<Task>>,
): LostChange[] {
  if (!task) return [{ side, id, field: 'task', written: 'something', found: 'nothing' }];
  return Object.entries(fields).flatMap(([field, value]) => {
    const reading = readings[field];
    const [wanted, found] = [canonical(value), canonical(reading?.(task))];
    return !reading || wanted === found ? [] : [{ side, id, field, written: wanted, found }];
  });
}

const canonical = (value: unknown): string =>
  JSON.stringify(typeof value === 'string' ? textOf(value) : (value ?? null));
