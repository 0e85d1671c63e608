import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../platform/database/transactions.js';
import type { ChangeOrigin } from './task-change.entity.js';
import { type TaskChanged, TaskListeners } from './task-listeners.js';
import { changedFields, historyOf, TASK_COLUMNS, type TaskField, type TaskValues } from './task-values.js';

export interface StoredTask {
  id: string;
  version: number;
  values: TaskValues;
}

export interface Author {
  origin: ChangeOrigin;
  /** `user:<id>`, `key:<id>`, `salesforce:<user id there>`; null when nobody can be named. */
  actor: string | null;
  at: Date;
}

const FIELDS = Object.keys(TASK_COLUMNS) as TaskField[];
const TIMES: ReadonlySet<TaskField> = new Set(['reminderAt', 'snoozedUntil', 'awaySince', 'closedAt', 'deletedAt']);
const UUIDS: ReadonlySet<TaskField> = new Set(['assigneeId', 'personId']);

function typeOf(field: TaskField): string {
  if (TIMES.has(field)) return 'timestamptz';
  if (UUIDS.has(field)) return 'uuid';
  return field === 'dueDate' ? 'date' : 'text';
}

const SELECTED = FIELDS.map((field) => {
  const column = TASK_COLUMNS[field];
  // One text form for an instant, so that two readings compare equal.
  const value = TIMES.has(field)
    ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : column === 'due_date'
      ? 'due_date::text'
      : column;
  return `${value} AS "${field}"`;
}).join(', ');

/**
 * The one writer of the tasks table, in bulk: every change passes here, whoever made it, and leaves its lines in
 * the history and with the listeners in the same transaction.
 */
@Injectable()
export class TaskStore {
  constructor(private readonly listeners: TaskListeners) {}

  /** The tasks, locked in id order until the transaction ends; missing ids are left out. */
  async lock(tx: Tx, teamId: string, ids: readonly string[]): Promise<Map<string, StoredTask>> {
    return this.select(tx, teamId, ids, 'ORDER BY id FOR NO KEY UPDATE');
  }

  /** The tasks as they are, for looking only. */
  async read(tx: Tx, teamId: string, ids: readonly string[]): Promise<Map<string, StoredTask>> {
    return this.select(tx, teamId, ids, '');
  }

  /** Makes tasks. `silent` leaves out the history: an import is its run's entry. */
  async insert(
    tx: Tx,
    teamId: string,
    tasks: readonly { id: string; values: TaskValues; createdBy: string | null }[],
    author: Author,
    mode: 'told' | 'silent' = 'told',
  ): Promise<void> {
    if (tasks.length === 0) return;
    const columns = FIELDS.map((field) => TASK_COLUMNS[field]);
    const arrays = FIELDS.map((field, index) => `$${index + 5}::${typeOf(field)}[]`);
    await tx.query(
      `INSERT INTO tasks (team_id, id, created_by, created_at, updated_at, ${columns.join(', ')})
       SELECT $1, t.id, t.created_by, $2, $2, ${columns.map((column) => `t.${column}`).join(', ')}
       FROM unnest($3::uuid[], $4::uuid[], ${arrays.join(', ')}) AS t (id, created_by, ${columns.join(', ')})`,
      [
        teamId,
        author.at,
        tasks.map((task) => task.id),
        tasks.map((task) => task.createdBy),
        ...FIELDS.map((field) => tasks.map((task) => task.values[field])),
      ],
    );
    if (mode === 'silent') return this.listeners.tellImported(tx, teamId, tasks);
    await this.record(
      tx,
      teamId,
      tasks.map((task) => ({
        taskId: task.id,
        before: null,
        after: task.values,
        origin: author.origin,
        at: author.at,
      })),
      tasks.map(() => author.actor),
    );
  }

  /**
   * Writes new values of tasks that the caller holds locked, +1 on each version. Unchanged ones are left alone.
   * Returns the ids that changed.
   */
  async update(
    tx: Tx,
    teamId: string,
    changes: readonly { before: StoredTask; after: TaskValues; actor: string | null }[],
    author: Omit<Author, 'actor'>,
  ): Promise<string[]> {
    const real = changes.filter(({ before, after }) => changedFields(before.values, after).length > 0);
    if (real.length === 0) return [];
    // Only what differs somewhere: long details are not carried along to tick a task off.
    const fields = FIELDS.filter((field) => real.some(({ before, after }) => before.values[field] !== after[field]));
    const columns = fields.map((field) => TASK_COLUMNS[field]);
    const arrays = fields.map((field, index) => `$${index + 4}::${typeOf(field)}[]`);
    await tx.query(
      `UPDATE tasks SET version = tasks.version + 1, updated_at = $2, ${columns.map((name) => `${name} = t.${name}`).join(', ')}
       FROM unnest($3::uuid[], ${arrays.join(', ')}) AS t (id, ${columns.join(', ')})
       WHERE tasks.team_id = $1 AND tasks.id = ANY($3::uuid[]) AND tasks.id = t.id`,
      [
        teamId,
        author.at,
        real.map(({ before }) => before.id),
        ...fields.map((field) => real.map(({ after }) => after[field])),
      ],
    );
    await this.record(
      tx,
      teamId,
      real.map(({ before, after }) => ({
        taskId: before.id,
        before: before.values,
        after,
        origin: author.origin,
        at: author.at,
      })),
      real.map(({ actor }) => actor),
    );
    return real.map(({ before }) => before.id);
  }

  /** When each field of a task was last changed here by a person, after `since`. */
  async lastChangedHere(
    tx: Tx,
    teamId: string,
    taskIds: readonly string[],
    since: Date | null,
  ): Promise<Map<string, Map<string, Date>>> {
    const rows = await tx.query<{ task_id: string; field: string; at: Date }>(
      `SELECT task_id, field, max(at) AS at FROM task_changes
       WHERE team_id = $1 AND task_id = ANY($2::uuid[]) AND origin = 'here' AND ($3::timestamptz IS NULL OR at >= $3)
       GROUP BY task_id, field`,
      [teamId, taskIds, since],
    );
    const found = new Map<string, Map<string, Date>>();
    for (const row of rows) {
      const fields = found.get(row.task_id) ?? new Map<string, Date>();
      found.set(row.task_id, fields.set(row.field, row.at));
    }
    return found;
  }

  private async select(
    tx: Tx,
    teamId: string,
    ids: readonly string[],
    how: '' | 'ORDER BY id FOR NO KEY UPDATE',
  ): Promise<Map<string, StoredTask>> {
    const rows = await tx.query<{ id: string; version: number } & TaskValues>(
      `SELECT id, version, ${SELECTED} FROM tasks WHERE team_id = $1 AND id = ANY($2::uuid[]) ${how}`,
      [teamId, ids],
    );
    return new Map(rows.map(({ id, version, ...values }) => [id, { id, version, values }]));
  }

  private async record(
    tx: Tx,
    teamId: string,
    changes: readonly TaskChanged[],
    actors: readonly (string | null)[],
  ): Promise<void> {
    const lines = changes.flatMap((change, index) =>
      historyOf(change.before, change.after).map((entry) => ({ change, entry, actor: actors[index] ?? null })),
    );
    await tx.query(
      `INSERT INTO task_changes (team_id, id, task_id, field, old_value, new_value, origin, actor, at)
       SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])`,
      [
        teamId,
        lines.map(() => uuidv7()),
        lines.map(({ change }) => change.taskId),
        lines.map(({ entry }) => entry.field),
        lines.map(({ entry }) => entry.old),
        lines.map(({ entry }) => entry.new),
        lines.map(({ change }) => change.origin),
        lines.map(({ actor }) => actor),
        lines.map(({ change }) => change.at),
      ],
    );
    await this.listeners.tell(tx, teamId, changes);
  }
}
