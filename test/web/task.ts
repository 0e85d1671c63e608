import type { Task } from '../../src/web/tasks/lists';

/** A task as the API answers it. */
export function task(id: string, values: Partial<Task> = {}): Task {
  return {
    id,
    type: 'custom',
    name: `Task ${id}`,
    status: 'open',
    priority: 'normal',
    due_date: '2026-11-25',
    details: null,
    reminder_at: null,
    assignee: { id: 'me', name: 'Ann' },
    person: null,
    who_id: null,
    what_id: null,
    what_name: null,
    call_outcome: null,
    call_reason: null,
    snoozed_until: null,
    away_since: null,
    created_at: '2026-11-01T00:00:00Z',
    updated_at: '2026-11-01T00:00:00Z',
    closed_at: null,
    deleted_at: null,
    version: 1,
    salesforce: null,
    ...values,
  };
}
