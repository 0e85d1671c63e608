import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import { LaneRests } from '../../platform/pipelines/lane-rests.js';
import { explainSalesforceCode } from '../client/error-catalogue.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import { Alarms } from './reconcile/alarms.repository.js';
import { ReconcileScan } from './reconcile/reconcile-scan.repository.js';
import type { ApiHolds } from '../org-loop/org-state.entity.js';
import { keyFieldAdvice, type OrgSchema } from './org-schema.js';
import type { SyncStatusDto } from './task-sync.dto.js';

/** One line of a task about Salesforce, as tasks show it. */
export interface TaskSyncState {
  /** 18 characters; null until it exists there. */
  id: string | null;
  url: string | null;
  /** synced; waiting: a change is on its way; problem: Salesforce refused it; off: the rep's sync is off; deleted: gone there. */
  state: 'synced' | 'waiting' | 'problem' | 'off' | 'deleted';
  /** As they are there, where they say more than ours do. */
  status: string | null;
  priority: string | null;
  archived: boolean;
}

/** Read models of the sync: where a team's stands, and each task's. */
@Injectable()
export class SyncStatusService {
  constructor(
    private readonly transactions: Transactions,
    private readonly rests: LaneRests,
    private readonly reconciles: ReconcileScan,
    private readonly alarms: Alarms,
  ) {}

  /** `assigneeId`: whose problems count; the team's when left out. */
  async team(teamId: string, assigneeId?: string): Promise<SyncStatusDto> {
    const [org] = await this.transactions.query<{
      status: string;
      statusReason: string | null;
      paused: boolean;
      schema: OrgSchema | null;
      lastPullAt: Date | null;
      nextPullAt: Date | null;
      nextReconcileAt: Date | null;
      id: string;
      quietUntil: Date | null;
      holds: ApiHolds | null;
    }>(
      `SELECT c.id, c.status, c.status_reason AS "statusReason", c.paused, s.org_schema AS schema,
              s.last_pull_at AS "lastPullAt", s.next_pull_at AS "nextPullAt",
              s.next_reconcile_at AS "nextReconcileAt", s.quiet_until AS "quietUntil", s.api_holds AS holds
       FROM salesforce_connections c
       JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id WHERE c.team_id = $1`,
      [teamId],
    );
    const [links] = await this.transactions.query<{ waiting: number; waitingSince: Date | null }>(
      // Two counts, so that each goes by its own index.
      `SELECT (SELECT count(*) FROM task_links
               WHERE team_id = $1 AND due_since IS NOT NULL AND NOT frozen AND parked_code IS NULL)::int
            + (SELECT count(*) FROM task_links
               WHERE team_id = $1 AND sent IS NOT NULL AND due_since IS NULL AND NOT frozen)::int AS waiting,
         (SELECT min(due_since) FROM task_links
          WHERE team_id = $1 AND due_since IS NOT NULL AND NOT frozen AND parked_code IS NULL) AS "waitingSince"`,
      [teamId],
    );
    const [problems] = await this.transactions.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM sync_problems p
       WHERE team_id = $1 AND resolved_at IS NULL AND ignored_at IS NULL AND ($2::uuid IS NULL OR EXISTS (
         SELECT 1 FROM tasks t WHERE t.team_id = p.team_id AND t.id = p.task_id AND t.assignee_id = $2))`,
      [teamId, assigneeId ?? null],
    );
    const [reps] = await this.transactions.query<{ syncing: number; reading: number }>(
      `SELECT count(*) FILTER (WHERE state <> 'off')::int AS syncing,
              count(*) FILTER (WHERE state IN ('queued', 'reading'))::int AS reading
       FROM task_sync_enrolments WHERE team_id = $1`,
      [teamId],
    );
    const rest = org && (await this.rests.of(SALESFORCE_ORG, org.id));
    const lastReconcile = await this.reconciles.lastReconcile(teamId);
    return {
      connected: org?.status === 'connected',
      paused: org?.paused ?? false,
      two_way: org?.status === 'connected' && !org.paused && org.schema?.keyField === 'ready',
      advice: adviceOf(org),
      last_pull_at: org?.lastPullAt ?? null,
      next_pull_at: org?.nextPullAt ?? null,
      waiting: links?.waiting ?? 0,
      waiting_since: links?.waitingSince ?? null,
      problems: problems?.count ?? 0,
      resting_until: rest?.retryAt ?? org?.quietUntil ?? null,
      last_failure: rest?.error ?? null,
      reps_syncing: reps?.syncing ?? 0,
      reps_reading: reps?.reading ?? 0,
      last_reconcile_at: lastReconcile?.at ?? null,
      last_reconcile_drift: lastReconcile?.drift ?? null,
      next_reconcile_at: org?.nextReconcileAt ?? null,
      open_alarms: await this.alarms.countOpen(teamId),
    };
  }

  async tasks(teamId: string, taskIds: readonly string[]): Promise<Map<string, TaskSyncState>> {
    const rows = await this.transactions.query<{
      taskId: string;
      id: string | null;
      host: string;
      waiting: boolean;
      parked: boolean;
      frozen: boolean;
      deletedThere: boolean;
      archived: boolean;
      status: string | null;
      priority: string | null;
    }>(
      `SELECT l.task_id AS "taskId", l.salesforce_id AS id, c.instance_url AS host, 
              l.due_since IS NOT NULL OR l.sent IS NOT NULL AS waiting,
              l.parked_code IS NOT NULL AS parked, l.frozen, l.deleted_there AS "deletedThere", l.archived,
              l.base -> 'there' ->> 'Status' AS status, l.base -> 'there' ->> 'Priority' AS priority
       FROM task_links l JOIN salesforce_connections c ON c.team_id = l.team_id
       WHERE l.team_id = $1 AND l.task_id = ANY($2::uuid[])`,
      [teamId, taskIds],
    );
    return new Map(
      rows.map((row) => [
        row.taskId,
        {
          id: row.id,
          url: row.id && new URL(`/lightning/r/Task/${row.id}/view`, row.host).href,
          state: stateOf(row),
          status: row.status,
          priority: row.priority,
          archived: row.archived,
        },
      ]),
    );
  }
}

function stateOf(row: {
  parked: boolean;
  frozen: boolean;
  waiting: boolean;
  deletedThere: boolean;
}): TaskSyncState['state'] {
  if (row.frozen) return 'off';
  if (row.parked) return 'problem';
  if (row.waiting) return 'waiting';
  return row.deletedThere ? 'deleted' : 'synced';
}

function adviceOf(
  org:
    | { status: string; statusReason: string | null; paused: boolean; schema: OrgSchema | null; holds: ApiHolds | null }
    | undefined,
): string {
  if (!org || org.status === 'disconnected') return 'Salesforce is not connected. An admin connects it.';
  if (org.status === 'stopped') return org.statusReason ?? 'Salesforce refuses the log-in. An admin connects it again.';
  if (org.paused) return 'An admin paused all sync. Changes are kept and go on when it is resumed.';
  if (org.holds?.polling?.state === 'parked') return explainSalesforceCode('API_BUDGET_SPENT').sentence;
  if (!org.schema) return 'The org is being looked at. Two-way sync starts in a moment.';
  return keyFieldAdvice[org.schema.keyField];
}
