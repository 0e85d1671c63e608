import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Tx, Transactions } from '../../platform/database/transactions.js';

export interface Problem {
  id: string;
  taskId: string | null;
  salesforceId: string | null;
  code: string;
  message: string;
  fields: string[];
  attempts: number;
  firstAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
  /** Whether it waits for a person; else it is tried again by itself. */
  parked: boolean;
}

export interface NewProblem {
  taskId: string;
  salesforceId: string | null;
  code: string;
  message: string;
  fields: readonly string[];
}

@Injectable()
export class Problems {
  constructor(private readonly transactions: Transactions) {}

  /** Opens a problem of each task, or counts another attempt of the one that is open. */
  async report(tx: Tx, teamId: string, problems: readonly NewProblem[], at: Date): Promise<void> {
    if (problems.length === 0) return;
    const rows = problems.map((problem) => ({ ...problem, id: uuidv7() }));
    await tx.query(
      `INSERT INTO sync_problems (team_id, id, task_id, salesforce_id, code, message, fields, first_at, last_at)
       SELECT $1, p.id, p."taskId", p."salesforceId", p.code, p.message, p.fields, $3, $3
       FROM jsonb_to_recordset($2::jsonb)
         AS p (id uuid, "taskId" uuid, "salesforceId" text, code text, message text, fields text[])
       ON CONFLICT (team_id, task_id) WHERE resolved_at IS NULL DO UPDATE SET
         code = excluded.code, message = excluded.message, fields = excluded.fields, last_at = excluded.last_at,
         salesforce_id = excluded.salesforce_id, attempts = sync_problems.attempts + 1`,
      [teamId, JSON.stringify(rows), at],
    );
  }

  async resolve(tx: Tx, teamId: string, taskIds: readonly string[], at: Date): Promise<void> {
    if (taskIds.length === 0) return;
    await tx.query(
      `UPDATE sync_problems SET resolved_at = $3
       WHERE team_id = $1 AND task_id = ANY($2::uuid[]) AND resolved_at IS NULL`,
      [teamId, taskIds, at],
    );
  }

  /** Newest first. Members see those of their own tasks (`assigneeId`). */
  async list(
    teamId: string,
    filter: { taskId?: string; assigneeId?: string; openOnly: 'open' | 'all' },
    before: string | undefined,
    limit: number,
  ): Promise<Problem[]> {
    return this.transactions.query<Problem>(
      `SELECT p.id, p.task_id AS "taskId", p.salesforce_id AS "salesforceId", p.code, p.message, p.fields, p.attempts,
              p.first_at AS "firstAt", p.last_at AS "lastAt", p.resolved_at AS "resolvedAt",
              coalesce(l.parked_code IS NOT NULL, false) AS parked
       FROM sync_problems p
       LEFT JOIN task_links l ON l.team_id = p.team_id AND l.task_id = p.task_id
       LEFT JOIN tasks t ON t.team_id = p.team_id AND t.id = p.task_id
       WHERE p.team_id = $1 AND ($2::uuid IS NULL OR p.task_id = $2) AND ($3::uuid IS NULL OR t.assignee_id = $3)
         AND ($4 = 'all' OR p.resolved_at IS NULL) AND ($5::uuid IS NULL OR p.id < $5)
       ORDER BY p.id DESC LIMIT $6`,
      [teamId, filter.taskId ?? null, filter.assigneeId ?? null, filter.openOnly, before ?? null, limit],
    );
  }
}
