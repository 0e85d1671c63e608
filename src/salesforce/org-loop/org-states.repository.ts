import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { BUDGET_COLUMNS, type BudgetRow } from '../api-budget/api-budgets.repository.js';
import type { WorkClass } from '../api-budget/budget.js';
import type { OrgLane } from './org-context.js';
import type { ApiHolds, PullPosition } from './org-state.entity.js';

export interface OrgState {
  pullCursor: Date | null;
  pullPosition: PullPosition | null;
  pullsDone: number;
  nextPullAt: Date | null;
  nextReconcileAt: Date | null;
  lastPullAt: Date | null;
  clockSkewMs: number;
  batchSize: number;
  quietUntil: Date | null;
  orgSchema: unknown;
  orgSchemaAt: Date | null;
  apiHolds: ApiHolds | null;
}

/** An org as the loop finds it: read once before each slice, for everybody who is asked what is to be done. */
export interface LaneState extends OrgLane, OrgState, BudgetRow {
  status: string;
  paused: boolean;
}

const COLUMNS: Record<keyof OrgState, string> = {
  pullCursor: 'pull_cursor',
  pullPosition: 'pull_position',
  pullsDone: 'pulls_done',
  nextPullAt: 'next_pull_at',
  nextReconcileAt: 'next_reconcile_at',
  lastPullAt: 'last_pull_at',
  clockSkewMs: 'clock_skew_ms',
  batchSize: 'batch_size',
  quietUntil: 'quiet_until',
  orgSchema: 'org_schema',
  orgSchemaAt: 'org_schema_at',
  apiHolds: 'api_holds',
};
const SELECTED = Object.entries(COLUMNS)
  .map(([name, column]) => `s.${column} AS "${name}"`)
  .join(', ');
const JSON_COLUMNS: ReadonlySet<keyof OrgState> = new Set(['pullPosition', 'orgSchema', 'apiHolds']);

@Injectable()
export class OrgStates {
  constructor(private readonly transactions: Transactions) {}

  /** Undefined: there is no such connection, or its team is deleted. */
  async lane(connectionId: string): Promise<LaneState | undefined> {
    const [row] = await this.transactions.query<LaneState>(
      `SELECT c.team_id AS "teamId", c.id AS "connectionId", c.status, c.paused, ${SELECTED}, ${BUDGET_COLUMNS}
       FROM salesforce_connections c
       JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id
       JOIN teams t ON t.id = c.team_id AND t.deleted_at IS NULL
       WHERE c.id = $1`,
      [connectionId],
    );
    return row;
  }

  /** The team's org, if it is connected or was. */
  async laneOfTeam(teamId: string, tx?: Tx): Promise<OrgLane | undefined> {
    const sql = `SELECT team_id AS "teamId", id AS "connectionId" FROM salesforce_connections WHERE team_id = $1`;
    const rows = tx ? await tx.query<OrgLane>(sql, [teamId]) : await this.transactions.query<OrgLane>(sql, [teamId]);
    return rows[0];
  }

  /** The team's lane, which stays the team's until the transaction ends. */
  async hold(tx: Tx, teamId: string): Promise<OrgLane | undefined> {
    const [row] = await tx.query<OrgLane>(
      `SELECT team_id AS "teamId", id AS "connectionId" FROM salesforce_connections WHERE team_id = $1 FOR KEY SHARE`,
      [teamId],
    );
    return row;
  }

  async read(org: OrgLane, tx?: Tx): Promise<OrgState> {
    const [row] = await (tx ?? this.transactions).query<OrgState>(
      `SELECT ${SELECTED} FROM salesforce_org_states s WHERE s.team_id = $1 AND s.connection_id = $2`,
      [org.teamId, org.connectionId],
    );
    if (!row) throw new Error(`The org state of connection ${org.connectionId} is missing.`);
    return row;
  }

  /** Lets one transaction at a time decide about the org's work. */
  async lock(tx: Tx, org: OrgLane): Promise<void> {
    await tx.query('SELECT 1 FROM salesforce_org_states WHERE team_id = $1 AND connection_id = $2 FOR NO KEY UPDATE', [
      org.teamId,
      org.connectionId,
    ]);
  }

  /** Of orgs with due work: those connected, neither paused nor told to be quiet, whose budget does not hold that work. */
  async awake(due: readonly { connectionId: string; work: WorkClass }[], now: Date): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT DISTINCT c.id FROM unnest($1::uuid[], $2::text[]) AS due (id, work)
       JOIN salesforce_connections c ON c.id = due.id
       JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id
       WHERE c.status = 'connected' AND NOT c.paused AND (s.quiet_until IS NULL OR s.quiet_until <= $3)
         AND coalesce((s.api_holds -> due.work ->> 'until')::timestamptz <= $3, true)`,
      [due.map(({ connectionId }) => connectionId), due.map(({ work }) => work), now],
    );
    return rows.map(({ id }) => id);
  }

  /** Writes some of the state, in a transaction of the lane's holder. */
  async write(tx: Tx, org: OrgLane, values: Partial<OrgState>): Promise<void> {
    const names = Object.keys(values) as (keyof OrgState)[];
    if (names.length === 0) return;
    await tx.query(
      `UPDATE salesforce_org_states SET ${names.map((name, i) => `${COLUMNS[name]} = $${i + 3}`).join(', ')}
       WHERE team_id = $1 AND connection_id = $2`,
      [
        org.teamId,
        org.connectionId,
        ...names.map((name) => {
          const value = values[name];
          return JSON_COLUMNS.has(name) && value ? JSON.stringify(value) : value;
        }),
      ],
    );
  }
}
