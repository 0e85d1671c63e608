import { Injectable } from '@nestjs/common';
import { actorNames } from '../../accounts/names.js';
import type { Reader } from '../../platform/database/transactions.js';
import type { ChangeOrigin } from './task-change.entity.js';
import type { TaskChangeView } from './tasks.dto.js';

interface ChangeRow {
  id: string;
  field: string;
  old: string | null;
  new: string | null;
  origin: ChangeOrigin;
  actor: string | null;
  at: Date;
}

/** What happened to a task. */
@Injectable()
export class TaskHistory {
  /** Newest first; one more than `limit` when there is one. */
  async page(
    reader: Reader,
    teamId: string,
    taskId: string,
    slice: { after: string | null; limit: number },
  ): Promise<TaskChangeView[]> {
    const rows = await reader.query<ChangeRow>(
      `SELECT id, field, old_value AS old, new_value AS new, origin, actor, at FROM task_changes
       WHERE team_id = $1 AND task_id = $2 AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [teamId, taskId, slice.after, slice.limit + 1],
    );
    const names = await actorNames(
      reader,
      teamId,
      rows.map((row) => row.actor),
    );
    return rows.map(({ actor, ...row }) => ({ ...row, who: { id: actor, name: nameOf(actor, row.origin, names) } }));
  }

  /** Who changed a task here at a moment that is known from its history; by `momentKey`. */
  async authorsAt(
    reader: Reader,
    teamId: string,
    moments: readonly { taskId: string; at: Date }[],
  ): Promise<Map<string, string | null>> {
    if (moments.length === 0) return new Map();
    const rows = await reader.query<{ taskId: string; at: Date; actor: string | null }>(
      `SELECT c.task_id AS "taskId", c.at, c.actor FROM task_changes c
       JOIN unnest($2::uuid[], $3::timestamptz[]) AS m (task_id, at) ON c.task_id = m.task_id AND c.at = m.at
       WHERE c.team_id = $1 AND c.origin = 'here'`,
      [teamId, moments.map(({ taskId }) => taskId), moments.map(({ at }) => at)],
    );
    return new Map(rows.map((row) => [momentKey(row), row.actor]));
  }

  /** What Salesforce's change of a task at a moment replaced, by field. */
  async replacedAt(reader: Reader, teamId: string, taskId: string, at: Date): Promise<Map<string, string | null>> {
    const rows = await reader.query<{ field: string; old: string | null }>(
      `SELECT field, old_value AS old FROM task_changes
       WHERE team_id = $1 AND task_id = $2 AND origin = 'salesforce' AND at = $3`,
      [teamId, taskId, at],
    );
    return new Map(rows.map(({ field, old }) => [field, old]));
  }
}

export function momentKey({ taskId, at }: { taskId: string; at: Date }): string {
  return `${taskId} ${at.getTime()}`;
}

function nameOf(actor: string | null, origin: ChangeOrigin, names: ReadonlyMap<string, string>): string {
  if (origin === 'salesforce') return 'Salesforce';
  return (actor === null ? undefined : names.get(actor)) ?? 'Somebody who is gone';
}
