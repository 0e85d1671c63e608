import { Injectable } from '@nestjs/common';
import { dateInZone } from '../../../platform/clock/local-date.js';
import { type Tx, Transactions } from '../../../platform/database/transactions.js';
import { type Link, LINK_COLUMNS } from '../links.repository.js';
import type { SyncScope } from '../task-sync-settings.entity.js';
import type { ReconciledRep } from './compare.js';

/** What the reconcile walks through on our side, a page at a time. */
@Injectable()
export class ReconcileScan {
  constructor(private readonly transactions: Transactions) {}

  /** Lanes with a reconcile due; while a first-time sync waits or reads, that goes before. */
  async dueLanes(now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT s.connection_id AS id FROM salesforce_org_states s
       WHERE s.next_reconcile_at <= $1 AND s.pull_cursor IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM task_sync_enrolments e WHERE e.team_id = s.team_id AND e.state IN ('queued', 'reading'))
       ORDER BY s.next_reconcile_at LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Orgs whose reconcile is due or runs. */
  async backlog(now: Date): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      `SELECT count(*) AS due, min(next_reconcile_at) AS oldest FROM salesforce_org_states
       WHERE next_reconcile_at <= $1 AND pull_cursor IS NOT NULL`,
      [now],
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }

  /** Links that move and whose records should be there. */
  async linked(teamId: string, after: string, limit: number): Promise<Link[]> {
    return this.transactions.query<Link>(
      `SELECT ${LINK_COLUMNS} FROM task_links
       WHERE team_id = $1 AND ($2::uuid IS NULL OR task_id > $2)
         AND salesforce_id IS NOT NULL AND NOT deleted_there AND NOT frozen
       ORDER BY task_id LIMIT $3`,
      [teamId, after || null, limit],
    );
  }

  /** Links of which nothing says that they wait for anything. */
  async resting(teamId: string, after: string, limit: number): Promise<Link[]> {
    return this.transactions.query<Link>(
      `SELECT ${LINK_COLUMNS} FROM task_links
       WHERE team_id = $1 AND ($2::uuid IS NULL OR task_id > $2)
         AND due_since IS NULL AND parked_code IS NULL AND NOT frozen
       ORDER BY task_id LIMIT $3`,
      [teamId, after || null, limit],
    );
  }

  /** Of these tasks, those whose links stand still by now. */
  async frozen(tx: Tx, teamId: string, taskIds: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(
      'SELECT task_id AS id FROM task_links WHERE team_id = $1 AND task_id = ANY($2::uuid[]) AND frozen',
      [teamId, taskIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Of these tasks, those that exist, of reps who sync, and have no link. */
  async unlinked(tx: Tx, teamId: string, taskIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT t.id FROM tasks t
       JOIN task_sync_enrolments e ON e.team_id = t.team_id AND e.user_id = t.assignee_id AND e.state <> 'off'
       WHERE t.team_id = $1 AND t.id = ANY($2::uuid[])
         AND NOT EXISTS (SELECT 1 FROM task_links l WHERE l.team_id = t.team_id AND l.task_id = t.id)
       ORDER BY t.id`,
      [teamId, taskIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Reps whose first-time sync has ended, by their Salesforce ids. */
  async reps(teamId: string, after: string, upTo: string | null, limit: number): Promise<ReconciledRep[]> {
    const rows = await this.transactions.query<{
      userId: string;
      salesforceUserId: string;
      enrolledAt: Date;
      readScope: SyncScope | null;
      timeZone: string;
    }>(
      `SELECT e.user_id AS "userId", e.salesforce_user_id AS "salesforceUserId", e.enrolled_at AS "enrolledAt",
              CASE WHEN e.state = 'synced' THEN e.read_scope END AS "readScope", u.time_zone AS "timeZone"
       FROM task_sync_enrolments e JOIN users u ON u.team_id = e.team_id AND u.id = e.user_id
       WHERE e.team_id = $1 AND e.state IN ('synced', 'cancelled') AND e.salesforce_user_id COLLATE "C" > $2
         AND ($3::text IS NULL OR e.salesforce_user_id COLLATE "C" <= $3)
       ORDER BY e.salesforce_user_id COLLATE "C" LIMIT $4`,
      [teamId, after, upTo, limit],
    );
    return rows.map(({ timeZone, ...rep }) => ({ ...rep, enrolledOn: dateInZone(rep.enrolledAt, timeZone) }));
  }

  /** The last comparison that ended, and what it found. */
  async lastReconcile(teamId: string): Promise<{ at: Date; drift: number } | undefined> {
    const [row] = await this.transactions.query<{ at: Date; drift: number }>(
      `SELECT r.finished_at AS at, coalesce((
         SELECT sum(c.value::int) FROM jsonb_each_text(r.counts) c WHERE c.key LIKE 'found\\_%'), 0)::int AS drift
       FROM sync_runs r WHERE r.team_id = $1 AND r.kind = 'reconcile' AND r.status = 'done' ORDER BY r.id DESC LIMIT 1`,
      [teamId],
    );
    return row;
  }
}
