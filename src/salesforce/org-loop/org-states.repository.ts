import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { OrgLane } from './org-context.js';
import type { PullPosition } from './org-state.entity.js';

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
}

export interface LaneState extends OrgLane {
  status: string;
  paused: boolean;
  quietUntil: Date | null;
  clockSkewMs: number;
}

@Injectable()
export class OrgStates {
  constructor(private readonly transactions: Transactions) {}

  async lane(connectionId: string): Promise<LaneState | undefined> {
    const [row] = await this.transactions.query<LaneState>(
      `SELECT c.team_id AS "teamId", c.id AS "connectionId", c.status, c.paused,
              s.quiet_until AS "quietUntil", s.clock_skew_ms AS "clockSkewMs"
       FROM salesforce_connections c
       JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id
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

  async read(org: OrgLane, tx?: Tx): Promise<OrgState> {
    const [row] = await (tx ?? this.transactions).query<OrgState>(
      `SELECT pull_cursor AS "pullCursor", pull_position AS "pullPosition", pulls_done AS "pullsDone",
              next_pull_at AS "nextPullAt", next_reconcile_at AS "nextReconcileAt", last_pull_at AS "lastPullAt", clock_skew_ms AS "clockSkewMs",
              batch_size AS "batchSize", quiet_until AS "quietUntil", org_schema AS "orgSchema",
              org_schema_at AS "orgSchemaAt"
       FROM salesforce_org_states WHERE team_id = $1 AND connection_id = $2`,
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

  /** Only connected orgs that are neither paused nor told to be quiet, of those in `connectionIds`. */
  async awake(connectionIds: readonly string[], now: Date): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT c.id FROM salesforce_connections c
       JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id
       WHERE c.id = ANY($1::uuid[]) AND c.status = 'connected' AND NOT c.paused
         AND (s.quiet_until IS NULL OR s.quiet_until <= $2)`,
      [connectionIds, now],
    );
    return rows.map(({ id }) => id);
  }

  /** Writes some of the state, in a transaction of the lane's holder. */
  async write(tx: Tx, org: OrgLane, values: Partial<OrgState>): Promise<void> {
    const columns: Record<keyof OrgState, string> = {
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
    };
    const names = Object.keys(values) as (keyof OrgState)[];
    if (names.length === 0) return;
    await tx.query(
      `UPDATE salesforce_org_states SET ${names.map((name, i) => `${columns[name]} = $${i + 3}`).join(', ')}
       WHERE team_id = $1 AND connection_id = $2`,
      [
        org.teamId,
        org.connectionId,
        ...names.map((name) => {
          const value = values[name];
          return (name === 'pullPosition' || name === 'orgSchema') && value ? JSON.stringify(value) : value;
        }),
      ],
    );
  }
}
