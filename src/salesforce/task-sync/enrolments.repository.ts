import { Injectable } from '@nestjs/common';
import { SyncNews } from '../news/sync-news.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { EnrolmentState } from './enrolment.entity.js';
import type { SyncScope } from './task-sync-settings.entity.js';

export interface Enrolment {
  userId: string;
  salesforceUserId: string;
  state: EnrolmentState;
  locked: boolean;
  scope: SyncScope;
  enrolledAt: Date;
  turnedOffAt: Date | null;
  runId: string | null;
}

type RepOfRun = 'userId' | 'salesforceUserId' | 'scope';

const SELECTED = `user_id AS "userId", salesforce_user_id AS "salesforceUserId", state, locked, scope,
  enrolled_at AS "enrolledAt", turned_off_at AS "turnedOffAt", run_id AS "runId"`;

@Injectable()
export class Enrolments {
  constructor(
    private readonly transactions: Transactions,
    private readonly news: SyncNews,
  ) {}

  async list(teamId: string): Promise<Enrolment[]> {
    return this.transactions.query<Enrolment>(
      `SELECT ${SELECTED} FROM task_sync_enrolments WHERE team_id = $1 ORDER BY user_id`,
      [teamId],
    );
  }

  async lock(tx: Tx, teamId: string, userIds: readonly string[]): Promise<Map<string, Enrolment>> {
    const rows = await tx.query<Enrolment>(
      `SELECT ${SELECTED} FROM task_sync_enrolments WHERE team_id = $1 AND user_id = ANY($2::uuid[])
       ORDER BY user_id FOR UPDATE`,
      [teamId, userIds],
    );
    return new Map(rows.map((row) => [row.userId, row]));
  }

  async save(tx: Tx, teamId: string, rows: readonly Enrolment[]): Promise<void> {
    await tx.query(
      `INSERT INTO task_sync_enrolments
         (team_id, user_id, salesforce_user_id, state, locked, scope, enrolled_at, turned_off_at, run_id)
       SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::timestamptz[],
                                $8::timestamptz[], $9::uuid[])
       ON CONFLICT (team_id, user_id) DO UPDATE SET salesforce_user_id = excluded.salesforce_user_id,
         state = excluded.state, locked = excluded.locked, scope = excluded.scope, enrolled_at = excluded.enrolled_at,
         turned_off_at = excluded.turned_off_at, run_id = excluded.run_id`,
      [
        teamId,
        rows.map((row) => row.userId),
        rows.map((row) => row.salesforceUserId),
        rows.map((row) => row.state),
        rows.map((row) => row.locked),
        rows.map((row) => row.scope),
        rows.map((row) => row.enrolledAt),
        rows.map((row) => row.turnedOffAt),
        rows.map((row) => row.runId),
      ],
    );
    if (rows.length === 0) return;
    this.news.setting(
      tx,
      teamId,
      rows.map((row) => row.userId),
    );
  }

  /** One rep's, who may never have had one, and who they are in Salesforce. */
  async own(teamId: string, userId: string): Promise<{ enrolment: Enrolment | undefined; username: string | null }> {
    const [enrolments, [match]] = await Promise.all([
      this.transactions.query<Enrolment>(
        `SELECT ${SELECTED} FROM task_sync_enrolments WHERE team_id = $1 AND user_id = $2`,
        [teamId, userId],
      ),
      this.transactions.query<{ username: string }>(
        'SELECT salesforce_username AS username FROM salesforce_user_matches WHERE team_id = $1 AND user_id = $2',
        [teamId, userId],
      ),
    ]);
    return { enrolment: enrolments[0], username: match?.username ?? null };
  }

  /** Who of these syncs; that stays so until the transaction ends. */
  async syncing(tx: Tx, teamId: string, userIds: readonly string[]): Promise<Map<string, Date>> {
    const rows = await tx.query<{ userId: string; enrolledAt: Date }>(
      `SELECT user_id AS "userId", enrolled_at AS "enrolledAt" FROM task_sync_enrolments
       WHERE team_id = $1 AND user_id = ANY($2::uuid[]) AND state <> 'off' ORDER BY user_id FOR SHARE`,
      [teamId, userIds],
    );
    return new Map(rows.map((row) => [row.userId, row.enrolledAt]));
  }

  /** All reps who wait for their first-time sync; locked. */
  async queued(tx: Tx, teamId: string): Promise<Enrolment[]> {
    return tx.query<Enrolment>(
      `SELECT ${SELECTED} FROM task_sync_enrolments
       WHERE team_id = $1 AND state = 'queued' ORDER BY user_id FOR UPDATE`,
      [teamId],
    );
  }

  /** The reps whom a run reads, in the order of their Salesforce ids, with the scopes that it began with. */
  async readBy(teamId: string, runId: string): Promise<(Pick<Enrolment, RepOfRun> & { timeZone: string })[]> {
    return this.transactions.query(
      `SELECT e.user_id AS "userId", e.salesforce_user_id AS "salesforceUserId",
              coalesce(e.read_scope, e.scope) AS scope, u.time_zone AS "timeZone"
       FROM task_sync_enrolments e JOIN users u ON u.team_id = e.team_id AND u.id = e.user_id
       WHERE e.team_id = $1 AND e.run_id = $2 AND e.state = 'reading' ORDER BY e.salesforce_user_id COLLATE "C"`,
      [teamId, runId],
    );
  }

  /** The run that is reading, if one is. */
  async readingRun(teamId: string): Promise<string | undefined> {
    const [row] = await this.transactions.query<{ runId: string }>(
      `SELECT run_id AS "runId" FROM task_sync_enrolments
       WHERE team_id = $1 AND state = 'reading' AND run_id IS NOT NULL LIMIT 1`,
      [teamId],
    );
    return row?.runId;
  }

  async startReading(tx: Tx, teamId: string, userIds: readonly string[], runId: string): Promise<void> {
    await tx.query(
      `UPDATE task_sync_enrolments SET state = 'reading', run_id = $3, read_scope = scope
       WHERE team_id = $1 AND user_id = ANY($2::uuid[])`,
      [teamId, userIds, runId],
    );
    this.news.setting(tx, teamId, userIds);
  }

  async finishReading(tx: Tx, teamId: string, runId: string, state: 'synced' | 'cancelled'): Promise<void> {
    const rows = await tx.query<{ userId: string }>(
      `UPDATE task_sync_enrolments SET state = $3 WHERE team_id = $1 AND run_id = $2 AND state = 'reading' RETURNING user_id AS "userId"`,
      [teamId, runId, state],
    );
    this.news.setting(
      tx,
      teamId,
      rows.map(({ userId }) => userId),
    );
  }

  async anybody(tx: Tx, teamId: string): Promise<boolean> {
    const rows = await tx.query(`SELECT 1 FROM task_sync_enrolments WHERE team_id = $1 AND state <> 'off' LIMIT 1`, [
      teamId,
    ]);
    return rows.length > 0;
  }

  /** Links of a rep's tasks stand still, or move again. */
  async freeze(tx: Tx, teamId: string, userIds: readonly string[], frozen: boolean): Promise<void> {
    await tx.query(
      `WITH held AS MATERIALIZED (
         SELECT l.task_id FROM task_links l JOIN tasks t ON t.team_id = l.team_id AND t.id = l.task_id
         WHERE l.team_id = $1 AND t.assignee_id = ANY($2::uuid[]) AND l.frozen <> $3
         ORDER BY l.task_id FOR NO KEY UPDATE OF l
       )
       UPDATE task_links l SET frozen = $3 FROM held WHERE l.team_id = $1 AND l.task_id = held.task_id`,
      [teamId, userIds, frozen],
    );
  }

  async waitingLanes(limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT DISTINCT c.id FROM task_sync_enrolments e JOIN salesforce_connections c ON c.team_id = e.team_id
       WHERE e.state IN ('queued', 'reading') LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Reps whose first-time sync has not ended, of all teams. */
  async backlog(): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      `SELECT count(*) AS due, min(enrolled_at) AS oldest FROM task_sync_enrolments WHERE state IN ('queued', 'reading')`,
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }

  async anyWaiting(teamId: string): Promise<boolean> {
    const rows = await this.transactions.query(
      `SELECT 1 FROM task_sync_enrolments WHERE team_id = $1 AND state IN ('queued', 'reading') LIMIT 1`,
      [teamId],
    );
    return rows.length > 0;
  }
}
