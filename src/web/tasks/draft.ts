import { changedFields } from '../ui/rebase';
import type { Task } from './lists';

/** What can be edited of a task, as its inputs hold it. */
export interface Draft {
  name: string;
  details: string;
  due_date: string;
  /** An instant, ISO 8601. */
  reminder_at: string;
  type: Task['type'];
  priority: Task['priority'];
  assignee_id: string;
  person_id: string;
  call_outcome: string;
  call_reason: string;
}
export type DraftField = keyof Draft;

export function draftOf(task: Task): Draft {
  return {
    name: task.name,
    details: task.details ?? '',
    due_date: task.due_date ?? '',
    reminder_at: task.reminder_at ?? '',
    type: task.type,
    priority: task.priority,
    assignee_id: task.assignee.id,
    person_id: task.person?.id ?? '',
    call_outcome: task.call_outcome ?? '',
    call_reason: task.call_reason ?? '',
  };
}

/** Pure: what is sent; an emptied field is null. */
export function bodyOf(base: Draft, draft: Draft): Record<string, string | null> {
  return Object.fromEntries(changedFields(base, draft).map((field) => [field, draft[field] || null]));
}
