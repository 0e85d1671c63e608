import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SyncNews } from '../news/sync-news.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { RunKind, RunStatus } from './sync-run.entity.js';

export type Counts = Record<string, number>;

export interface Run {
  id: string;
  kind: RunKind;
  status: RunStatus;
  total: number | null;
  done: number;
  counts: Counts;
  apiCalls: number;
  position: unknown;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

const SELECTED = `id, kind, status, total, done, counts, api_calls AS "apiCalls", position, error,
  started_at AS "startedAt", finished_at AS "finishedAt"`;

/** Adds the second counts to the first. */
export function addCounts(into: Counts, more: Counts): Counts {
  for (const [name, count] of Object.entries(more)) if (count) into[name] = (into[name] ?? 0) + count;
  return into;
}

@Injectable()
export class Runs {
  constructor(
    private readonly transactions: Transactions,
    private readonly news: SyncNews,
  ) {}

  async start(
    tx: Tx,
    teamId: string,
    kind: RunKind,
    at: Date,
    position: object | null = null,
    counts: Counts = {},
  ): Promise<string> {
    const id = uuidv7();
    await tx.query(
      `INSERT INTO sync_runs (team_id, id, kind, status, position, started_at, counts)
       VALUES ($1, $2, $3, 'running', $4, $5, $6)`,
      [teamId, id, kind, position && JSON.stringify(position), at, JSON.stringify(counts)],
    );
    this.news.run(tx, teamId, id);
    return id;
  }

  /** A run that began and ended in one slice. */
  async record(tx: Tx, teamId: string, kind: RunKind, started: Date, at: Date, counts: Counts, apiCalls: number) {
    const id = uuidv7();
    await tx.query(
      `INSERT INTO sync_runs (team_id, id, kind, status, counts, api_calls, done, started_at, finished_at)
       VALUES ($1, $2, $3, 'done', $4, $5, $6, $7, $8)`,
      [teamId, id, kind, JSON.stringify(counts), apiCalls, counts.rows ?? 0, started, at],
    );
    this.news.run(tx, teamId, id);
  }

  async progress(
    tx: Tx,
    teamId: string,
    id: string,
    values: { total?: number; done: number; counts: Counts; apiCalls: number; position: object | null },
  ): Promise<void> {
    await tx.query(
      `UPDATE sync_runs SET total = coalesce($3, total), done = $4, counts = $5, api_calls = $6, position = $7
       WHERE team_id = $1 AND id = $2`,
      [
        teamId,
        id,
        values.total ?? null,
        values.done,
        JSON.stringify(values.counts),
        values.apiCalls,
        values.position && JSON.stringify(values.position),
      ],
    );
  }

  async finish(tx: Tx, teamId: string, id: string, status: RunStatus, at: Date, error: string | null = null) {
    await tx.query(
      `UPDATE sync_runs SET status = $3, finished_at = $4, error = $5, position = NULL
       WHERE team_id = $1 AND id = $2 AND status = 'running'`,
      [teamId, id, status, at, error],
    );
    this.news.run(tx, teamId, id);
  }

  /** Ends those of these first-time syncs that read nobody any more, as all their reps were turned off. */
  async cancelUnread(tx: Tx, teamId: string, ids: readonly string[], at: Date): Promise<void> {
    await tx.query(
      `UPDATE sync_runs r SET status = 'cancelled', finished_at = $3, position = NULL
       WHERE team_id = $1 AND id = ANY($2::uuid[]) AND status = 'running' AND NOT EXISTS (
         SELECT 1 FROM task_sync_enrolments e WHERE e.team_id = r.team_id AND e.run_id = r.id AND e.state = 'reading')`,
      [teamId, ids, at],
    );
    for (const id of ids) this.news.run(tx, teamId, id);
  }

  async find(teamId: string, id: string): Promise<Run | undefined> {
    const [run] = await this.transactions.query<Run>(
      `SELECT ${SELECTED} FROM sync_runs WHERE team_id = $1 AND id = $2`,
      [teamId, id],
    );
    return run;
  }

  /** The run of a kind of which only one runs at a time. */
  async running(teamId: string, kind: 'reconcile', tx?: Tx): Promise<Run | undefined> {
    const [run] = await (tx ?? this.transactions).query<Run>(
      `SELECT ${SELECTED} FROM sync_runs WHERE team_id = $1 AND kind = $2 AND status = 'running'`,
      [teamId, kind],
    );
    return run;
  }

  /** Makes a running run begin anew. */
  async restart(tx: Tx, teamId: string, id: string): Promise<void> {
    await tx.query('UPDATE sync_runs SET position = NULL WHERE team_id = $1 AND id = $2', [teamId, id]);
  }

  /** Newest first; `before` is the last id of the page before. */
  async list(teamId: string, kind: RunKind | undefined, before: string | undefined, limit: number): Promise<Run[]> {
    return this.transactions.query<Run>(
      `SELECT ${SELECTED} FROM sync_runs
       WHERE team_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [teamId, kind ?? null, before ?? null, limit],
    );
  }
}
