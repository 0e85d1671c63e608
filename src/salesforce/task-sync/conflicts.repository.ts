import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { FieldConflict } from './merge.js';

export interface Conflict extends FieldConflict {
  id: string;
  taskId: string;
  taskName: string;
  assigneeId: string;
  at: Date;
}

@Injectable()
export class Conflicts {
  constructor(private readonly transactions: Transactions) {}

  async add(
    tx: Tx,
    teamId: string,
    conflicts: readonly (FieldConflict & { taskId: string })[],
    at: Date,
  ): Promise<void> {
    if (conflicts.length === 0) return;
    await tx.query(
      `INSERT INTO sync_conflicts (team_id, id, task_id, field, base, here, there, winner, here_changed_at, there_changed_at, at)
       SELECT $1, t.*, $2 FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                                      $10::timestamptz[], $11::timestamptz[]) AS t`,
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
      ],
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
      `SELECT c.id, c.task_id AS "taskId", t.name AS "taskName", t.assignee_id AS "assigneeId", c.field, c.base, c.here,
              c.there, c.winner, c.here_changed_at AS "hereChangedAt", c.there_changed_at AS "thereChangedAt", c.at
       FROM sync_conflicts c JOIN tasks t ON t.team_id = c.team_id AND t.id = c.task_id
       WHERE c.team_id = $1 AND ($2::uuid IS NULL OR c.task_id = $2) AND ($3::uuid IS NULL OR t.assignee_id = $3)
         AND ($4::uuid IS NULL OR c.id < $4)
       ORDER BY c.id DESC LIMIT $5`,
      [teamId, filter.taskId ?? null, filter.assigneeId ?? null, before ?? null, limit],
    );
  }
}
