import { ProductError } from '../../platform/errors/product-error.js';
import type { TaskStatus } from './task.entity.js';
import type { TaskValues } from './task-values.js';

export type TaskState = TaskStatus | 'deleted';
export type TaskVerb = 'complete' | 'skip' | 'reopen' | 'delete' | 'restore';
export type TaskAction = TaskVerb | 'edit' | 'snooze';

/** `same`: done already, no change. `as_before`: what it was when it was deleted. */
type Next = TaskState | 'same' | 'as_before' | 'refused';

/**
 * The one table of what may happen to a task, alone or in bulk.
 *
 *   open ⇄ completed     open ⇄ skipped → completed     each of them ⇄ deleted
 */
const TRANSITIONS: Record<TaskAction, Record<TaskState, Next>> = {
  complete: { open: 'completed', completed: 'same', skipped: 'completed', deleted: 'refused' },
  skip: { open: 'skipped', completed: 'refused', skipped: 'same', deleted: 'refused' },
  reopen: { open: 'same', completed: 'open', skipped: 'open', deleted: 'refused' },
  delete: { open: 'deleted', completed: 'deleted', skipped: 'deleted', deleted: 'same' },
  restore: { open: 'same', completed: 'same', skipped: 'same', deleted: 'as_before' },
  edit: { open: 'same', completed: 'same', skipped: 'same', deleted: 'refused' },
  snooze: { open: 'same', completed: 'refused', skipped: 'refused', deleted: 'refused' },
};

export function stateOf(values: Pick<TaskValues, 'status' | 'deletedAt'>): TaskState {
  return values.deletedAt === null ? values.status : 'deleted';
}

/** Refuses what this state does not allow. */
export function requireAllowed(values: TaskValues, action: TaskAction): void {
  nextOf(values, action);
}

/** The task after the verb; the very same values when there is nothing to do. `at`: ISO 8601. */
export function applyVerb(values: TaskValues, verb: TaskVerb, at: string): TaskValues {
  const next = nextOf(values, verb);
  switch (next) {
    case 'same':
      return values;
    case 'as_before':
      return { ...values, deletedAt: null };
    case 'deleted':
      return { ...values, deletedAt: at };
    case 'open':
      return { ...values, status: next, closedAt: null };
    case 'completed':
    case 'skipped':
      // A snooze left over would hide the task when it is reopened.
      return { ...values, status: next, closedAt: at, snoozedUntil: null };
  }
}

function nextOf(values: TaskValues, action: TaskAction): Exclude<Next, 'refused'> {
  if (values.awaySince !== null) throw new ProductError('task_away');
  const state = stateOf(values);
  const next = TRANSITIONS[action][state];
  if (next !== 'refused') return next;
  if (state === 'deleted') throw new ProductError('conflict', 'This task is deleted: restore it first.');
  throw new ProductError('conflict', `This task is ${state}: reopen it first.`);
}
