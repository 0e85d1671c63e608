import type { ModelWorld } from './model-world.js';
import type { Values } from './ledger.js';

/** The tasks as each side shows them, in the same words: Salesforce's fields, a status as open or closed. */

const PRIORITIES: Record<string, string> = { low: 'Low', normal: 'Normal', high: 'High' };

/** Columns here, by the history's names for them. */
export const COLUMNS: Record<string, string> = {
  name: 'Subject',
  details: 'Description',
  due_date: 'ActivityDate',
  priority: 'Priority',
  reminder_at: 'ReminderDateTime',
  status: 'Status',
  assignee_id: 'OwnerId',
  who_id: 'WhoId',
  what_id: 'WhatId',
};

export interface Seen {
  id: string;
  deleted: boolean;
  values: Values;
}

/** A value of a column here in Salesforce's words. */
export function inSalesforcesWords(world: ModelWorld, column: string, value: string | null): string | null {
  if (value === null) return null;
  if (column === 'priority') return PRIORITIES[value] ?? value;
  if (column === 'status') return value === 'open' ? 'open' : 'closed';
  if (column === 'assignee_id') return world.reps.find((rep) => rep.userId === value)?.salesforceId ?? value;
  if (column === 'reminder_at') return new Date(value).toISOString();
  return value;
}

export async function tasksHere(world: ModelWorld, id?: string): Promise<(Seen & { away: boolean })[]> {
  const rows = await world.here<Record<string, string | null> & { id: string; deleted: boolean; away: boolean }>(
    `SELECT id, name, details, due_date::text AS due_date, priority, status, assignee_id, who_id, what_id,
            to_char(reminder_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS reminder_at,
            deleted_at IS NOT NULL AS deleted, away_since IS NOT NULL AS away
     FROM tasks WHERE $1::uuid IS NULL OR id = $1 ORDER BY id`,
    [id ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    deleted: row.deleted,
    away: row.away,
    values: Object.fromEntries(
      Object.entries(COLUMNS).map(([column, field]) => [field, inSalesforcesWords(world, column, row[column] ?? null)]),
    ),
  }));
}

export async function tasksThere(world: ModelWorld, id?: string): Promise<(Seen & { key: string | null })[]> {
  const rows = await world.there<{
    id: string;
    key: string | null;
    subject: string | null;
    description: string | null;
    activity_date: string | null;
    priority: string;
    is_closed: boolean;
    owner_id: string;
    who_id: string | null;
    what_id: string | null;
    reminder: Date | null;
    is_deleted: boolean;
  }>(
    `SELECT id, command_center_key AS key, subject, description, activity_date::text AS activity_date, priority,
            is_closed, owner_id, who_id, what_id, is_deleted,
            CASE WHEN is_reminder_set THEN reminder_date_time END AS reminder
     FROM sf_task WHERE $1::text IS NULL OR id = $1 ORDER BY id`,
    [id ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    deleted: row.is_deleted,
    values: {
      Subject: row.subject,
      Description: row.description,
      ActivityDate: row.activity_date,
      Priority: row.priority,
      Status: row.is_closed ? 'closed' : 'open',
      OwnerId: row.owner_id,
      WhoId: row.who_id,
      WhatId: row.what_id,
      ReminderDateTime: row.reminder ? new Date(row.reminder).toISOString() : null,
    },
  }));
}
