import { invalidInput } from '../../platform/http/validation.js';
import { longSalesforceId } from '../people/salesforce-id.js';
import type { TaskEdit } from './task-edit.js';
import type { CompleteTask, UpdateTask } from './tasks.dto.js';

/** A body in the API's names as an edit; texts of nothing are null. */
export function editOf(body: UpdateTask): TaskEdit {
  return {
    ...callOf(body),
    name: body.name,
    type: body.type,
    priority: body.priority,
    dueDate: body.due_date,
    details: orNull(body.details),
    reminderAt: body.reminder_at && new Date(body.reminder_at).toISOString(),
    assigneeId: body.assignee_id?.toLowerCase(),
    personId: body.person_id && body.person_id.toLowerCase(),
    whatId: body.what_id && salesforceId(body.what_id),
    whatName: orNull(body.what_name),
  };
}

export function callOf(body: CompleteTask): Pick<TaskEdit, 'callOutcome' | 'callReason'> {
  return { callOutcome: orNull(body.call_outcome), callReason: orNull(body.call_reason) };
}

function orNull(text: string | null | undefined): string | null | undefined {
  return text === '' ? null : text;
}

function salesforceId(text: string): string {
  const id = longSalesforceId(text);
  if (id) return id;
  throw invalidInput([{ field: 'what_id', message: 'must be the id of a Salesforce record' }]);
}
