import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SyncNews } from '../news/sync-news.js';
import { type Reader, type Tx, Transactions } from '../../platform/database/transactions.js';
import type { FieldConflict } from './merge.js';
import type { ConflictReason } from './sync-conflict.entity.js';

export interface NewConflict extends FieldConflict {
  taskId: string;
  reason: ConflictReason;
  /** `salesforce:<user id there>`. */
  thereActor: string | null;
}

export interface Conflict extends FieldConflict {
  id: string;
  taskId: string;
  taskName: string;
  assigneeId: string;
  at: Date;
  /** Null: decided before reasons were kept. */
  reason: ConflictReason | null;
  thereActor: string | null;
  restoredAt: Date | null;
  restoredBy: string | null;
}

const SELECTED = `c.id, c.task_id AS "taskId", t.name AS "taskName", t.assignee_id AS "assigneeId", c.field, c.base, c.here,
  c.there, c.winner, c.here_changed_at AS "hereChangedAt", c.there_changed_at AS "thereChangedAt", c.at, c.reason,
  c.there_actor AS "thereActor", c.restored_at AS "restoredAt", c.restored_by AS "restoredBy"
  FROM sync_conflicts c JOIN tasks t ON t.team_id = c.team_id AND t.id = c.task_id`;

/** Why a conflict was decided as it was. */
export function reasonOf(
  { winner, hereChangedAt, thereChangedAt }: FieldConflict,
  policy: 'latest' | 'salesforce' | 'command_center',
  how: 'merged' | 'deleted',
): ConflictReason {
  if (how === 'deleted') return 'deletion';
  if (policy !== 'latest') return 'policy';
  const seconds = (time: Date | null) => time && Math.floor(time.getTime() / 1000);
  return winner === 'there' && hereChangedAt && seconds(hereChangedAt) === seconds(thereChangedAt) ? 'tie' : 'later';
}

@Injectable()
export class Conflicts {
  constructor(
    private readonly transactions: Transactions,
    private readonly news: SyncNews,
  ) {}

  async add(tx: Tx, teamId: string, conflicts: readonly NewConflict[], at: Date): Promise<void> {
    if (conflicts.length === 0) return;
    await tx.query(
      `INSERT INTO sync_conflicts (team_id, id, task_id, field, base, here, there, winner, here_changed_at, there_changed_at,
                                   reason, there_actor, at)
       SELECT $1, t.*, $2 FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                                      $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[]) AS t`,
      [
        teamId,
        at,
        conflicts.map(() => uuidv7()),
        conflicts.map((conflict) => conflict.taskId),
        conflicts.map((conflict) => conflict.field),
        conflicts.map((conflict) => conflict.base),
        conflicts.map((conflict) => conflict.here),
        conflicts.map((conflict) => conflict.there),
        conflicts.map((conflict) => conflict.winner),
        conflicts.map((conflict) => conflict.hereChangedAt),
        conflicts.map((conflict) => conflict.thereChangedAt),
        conflicts.map((conflict) => conflict.reason),
        conflicts.map((conflict) => conflict.thereActor),
      ],
    );
    this.news.ofTasks(
      tx,
      teamId,
      'conflict',
      conflicts.map(({ taskId }) => taskId),
    );
  }

  /** Newest first; of one task, or one assignee's, or all of the team. */
  async list(
    teamId: string,
    filter: { taskId?: string; assigneeId?: string },
    before: string | undefined,
    limit: number,
  ): Promise<Conflict[]> {
    return this.transactions.query<Conflict>(
      `SELECT ${SELECTED}
       WHERE c.team_id = $1 AND ($2::uuid IS NULL OR c.task_id = $2) AND ($3::uuid IS NULL OR t.assignee_id = $3)
         AND ($4::uuid IS NULL OR c.id < $4)
       ORDER BY c.id DESC LIMIT $5`,
      [teamId, filter.taskId ?? null, filter.assigneeId ?? null, before ?? null, limit],
    );
  }

  async find(reader: Reader, teamId: string, id: string): Promise<Conflict | undefined> {
    const sql = `SELECT ${SELECTED} WHERE c.team_id = $1 AND c.id = $2`;
    return (await reader.query<Conflict>(sql, [teamId, id]))[0];
  }

  async markRestored(tx: Tx, teamId: string, id: string, by: string, at: Date): Promise<void> {
    const sql =
      'UPDATE sync_conflicts SET restored_at = $3, restored_by = $4 WHERE team_id = $1 AND id = $2 RETURNING task_id AS "taskId"';
    const rows = await tx.query<{ taskId: string }>(sql, [teamId, id, at, by]);
    this.news.ofTasks(
      tx,
      teamId,
      'conflict',
      rows.map(({ taskId }) => taskId),
    );
  }

  /** Newest first; `before` is an id of any line of the trace. */
  async ofTask(
    reader: Reader,
    teamId: string,
    taskId: string,
    before: string | null,
    limit: number,
  ): Promise<Conflict[]> {
    return reader.query<Conflict>(
      `SELECT ${SELECTED} WHERE c.team_id = $1 AND c.task_id = $2 AND ($3::uuid IS NULL OR c.id < $3)
       ORDER BY c.id DESC LIMIT $4`,
      [teamId, taskId, before, limit],
    );
  }
}
