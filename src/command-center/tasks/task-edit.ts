import { invalidInput } from '../../platform/http/validation.js';
import { requireAllowed } from './task-state.js';
import type { TaskValues } from './task-values.js';

/** What a person may change of a task; what is undefined stays. */
export type TaskEdit = {
  [Field in Exclude<keyof TaskValues, 'status' | 'snoozedUntil' | 'awaySince' | 'closedAt' | 'deletedAt'>]?:
    TaskValues[Field] | undefined;
};

/** Pure: the task after an edit. */
export function applyEdit(values: TaskValues, edit: TaskEdit): TaskValues {
  requireAllowed(values, 'edit');
  const given = Object.fromEntries(
    Object.entries(edit).filter(([, value]) => value !== undefined),
  ) as Partial<TaskValues>;
  const after: TaskValues = { ...values, ...given };
  if (given.whatId !== undefined && given.whatId !== values.whatId && given.whatName === undefined)
    after.whatName = null;
  if (after.whatId === null) after.whatName = null;
  return after.type === 'call' ? after : withoutCall(after, given);
}

/** Outcome and reason are a call's: refused elsewhere, and gone when a call becomes something else. */
function withoutCall(after: TaskValues, given: Partial<TaskValues>): TaskValues {
  const fields = [...(given.callOutcome ? ['call_outcome'] : []), ...(given.callReason ? ['call_reason'] : [])].map(
    (field) => ({ field, message: 'is for calls only' }),
  );
  if (fields.length > 0) throw invalidInput(fields);
  return { ...after, callOutcome: null, callReason: null };
}
