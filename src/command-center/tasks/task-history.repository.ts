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
}

function nameOf(actor: string | null, origin: ChangeOrigin, names: ReadonlyMap<string, string>): string {
  if (origin === 'salesforce') return 'Salesforce';
  return (actor === null ? undefined : names.get(actor)) ?? 'Somebody who is gone';
}
