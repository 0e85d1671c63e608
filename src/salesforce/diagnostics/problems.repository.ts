import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SyncNews } from '../news/sync-news.js';
import { type Reader, type Tx, Transactions } from '../../platform/database/transactions.js';

export interface Problem {
  id: string;
  taskId: string | null;
  taskName: string | null;
  assigneeId: string | null;
  salesforceId: string | null;
  code: string;
  message: string;
  fields: string[];
  attempts: number;
  firstAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
  ignoredAt: Date | null;
  ignoredBy: string | null;
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

export interface ProblemFilter {
  state: 'open' | 'ignored' | 'all';
  taskId?: string | undefined;
  assigneeId?: string | undefined;
  code?: string | undefined;
}

const SELECTED = `p.id, p.task_id AS "taskId", t.name AS "taskName", t.assignee_id AS "assigneeId",
  p.salesforce_id AS "salesforceId", p.code, p.message, p.fields, p.attempts, p.first_at AS "firstAt",
  p.last_at AS "lastAt", p.resolved_at AS "resolvedAt", p.ignored_at AS "ignoredAt", p.ignored_by AS "ignoredBy",
  p.resolved_at IS NULL AND l.parked_code IS NOT NULL AS parked
  FROM sync_problems p
  LEFT JOIN task_links l ON l.team_id = p.team_id AND l.task_id = p.task_id
  LEFT JOIN tasks t ON t.team_id = p.team_id AND t.id = p.task_id`;

@Injectable()
export class Problems {
  constructor(
    private readonly transactions: Transactions,
    private readonly news: SyncNews,
  ) {}

  /**
   * Opens a problem of each task, or counts another attempt of the one that is open. One that was ignored is open again:
   * it was tried because somebody edited the task.
   */
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
         salesforce_id = excluded.salesforce_id, attempts = sync_problems.attempts + 1,
         ignored_at = NULL, ignored_by = NULL`,
      [teamId, JSON.stringify(rows), at],
    );
    this.news.ofTasks(
      tx,
      teamId,
      'problem',
      problems.map(({ taskId }) => taskId),
    );
  }

  async resolve(tx: Tx, teamId: string, taskIds: readonly string[], at: Date): Promise<void> {
    if (taskIds.length === 0) return;
    const resolved = await tx.query<{ id: string }>(
      `UPDATE sync_problems SET resolved_at = $3
       WHERE team_id = $1 AND task_id = ANY($2::uuid[]) AND resolved_at IS NULL RETURNING task_id AS id`,
      [teamId, taskIds, at],
    );
    this.news.ofTasks(
      tx,
      teamId,
      'problem',
      resolved.map(({ id }) => id),
    );
  }

  /** Newest first. Members see those of their own tasks (`assigneeId`). */
  async list(teamId: string, filter: ProblemFilter, before: string | undefined, limit: number): Promise<Problem[]> {
    return this.transactions.query<Problem>(
      `SELECT ${SELECTED}
       WHERE p.team_id = $1 AND ($2::uuid IS NULL OR p.task_id = $2) AND ($3::uuid IS NULL OR t.assignee_id = $3)
         AND ($4 = 'all' OR p.resolved_at IS NULL AND (p.ignored_at IS NOT NULL) = ($4 = 'ignored'))
         AND ($5::uuid IS NULL OR p.id < $5) AND ($6::text IS NULL OR p.code = $6)
       ORDER BY p.id DESC LIMIT $7`,
      [
        teamId,
        filter.taskId ?? null,
        filter.assigneeId ?? null,
        filter.state,
        before ?? null,
        filter.code ?? null,
        limit,
      ],
    );
  }

  /** How many are open, by code, most first. */
  async kinds(teamId: string, assigneeId: string | undefined): Promise<{ code: string; count: number }[]> {
    return this.transactions.query(
      `SELECT p.code, count(*)::int AS count FROM sync_problems p
       LEFT JOIN tasks t ON t.team_id = p.team_id AND t.id = p.task_id
       WHERE p.team_id = $1 AND p.resolved_at IS NULL AND p.ignored_at IS NULL
         AND ($2::uuid IS NULL OR t.assignee_id = $2)
       GROUP BY p.code ORDER BY count(*) DESC, p.code`,
      [teamId, assigneeId ?? null],
    );
  }

  async find(reader: Reader, teamId: string, id: string, assigneeId: string | undefined): Promise<Problem | undefined> {
    const sql = `SELECT ${SELECTED} WHERE p.team_id = $1 AND p.id = $2 AND ($3::uuid IS NULL OR t.assignee_id = $3)`;
    return (await reader.query<Problem>(sql, [teamId, id, assigneeId ?? null]))[0];
  }

  /** Open problems of one code, in the order of their tasks' ids; ignored ones stay ignored. */
  async openTasks(
    tx: Tx,
    teamId: string,
    code: string,
    slice: { assigneeId: string | undefined; after: string | null; limit: number },
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT p.task_id AS id FROM sync_problems p
       WHERE p.team_id = $1 AND p.code = $2 AND p.resolved_at IS NULL AND p.ignored_at IS NULL
         AND p.task_id IS NOT NULL AND ($3::uuid IS NULL OR p.task_id > $3)
         AND ($4::uuid IS NULL OR EXISTS (
           SELECT 1 FROM tasks t WHERE t.team_id = p.team_id AND t.id = p.task_id AND t.assignee_id = $4))
       ORDER BY p.task_id LIMIT $5`,
      [teamId, code, slice.after, slice.assigneeId ?? null, slice.limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Leaves an open problem alone, or takes that back (`by` null). */
  async setIgnored(tx: Tx, teamId: string, taskId: string, by: string | null, at: Date): Promise<void> {
    await tx.query(
      `UPDATE sync_problems SET ignored_by = $3, ignored_at = CASE WHEN $3::text IS NOT NULL THEN $4::timestamptz END
       WHERE team_id = $1 AND task_id = $2 AND resolved_at IS NULL AND (ignored_at IS NULL) = ($3::text IS NOT NULL)`,
      [teamId, taskId, by, at],
    );
    this.news.ofTasks(tx, teamId, 'problem', [taskId]);
  }

  /** Newest first; `before` is an id of any line of the trace. */
  async ofTask(
    reader: Reader,
    teamId: string,
    taskId: string,
    before: string | null,
    limit: number,
  ): Promise<Problem[]> {
    return reader.query<Problem>(
      `SELECT ${SELECTED} WHERE p.team_id = $1 AND p.task_id = $2 AND ($3::uuid IS NULL OR p.id < $3)
       ORDER BY p.id DESC LIMIT $4`,
      [teamId, taskId, before, limit],
    );
  }
}
