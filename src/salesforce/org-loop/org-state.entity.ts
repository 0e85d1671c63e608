import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { WorkClass } from '../api-budget/budget.js';
import { SalesforceConnection } from '../connection/connection.entity.js';

/** Where a pull that spans several pages stands: its position, not an offset. */
export interface PullPosition {
  /** Lower bound of SystemModstamp, inclusive. */
  from: string;
  /** The org's time when this pull started: the cursor goes here at its end, never past it. */
  startedAt: string;
  afterStamp: string;
  afterId: string;
}

/** What the API budget holds back, by class of work, as decided at the last look. */
export type ApiHolds = Partial<Record<WorkClass, { state: 'slow' | 'parked'; until: string }>>;

/** What the org loop remembers between its slices. Written often, so apart from the connection. */
@Entity('salesforce_org_states')
@ForeignKey(() => SalesforceConnection, ['teamId', 'connectionId'], ['teamId', 'id'], {
  name: 'fk_salesforce_org_states_connection',
  onDelete: 'CASCADE',
})
@Index('ix_salesforce_org_states_next_pull', ['nextPullAt'], { where: 'next_pull_at IS NOT NULL' })
@Index('ix_salesforce_org_states_next_reconcile', ['nextReconcileAt'], { where: 'next_reconcile_at IS NOT NULL' })
@Check(
  'ck_salesforce_org_states_api_budget',
  'api_share_percent BETWEEN 1 AND 100 AND api_reserve_percent >= 0 AND api_reserve_percent < api_share_percent',
)
export class SalesforceOrgState {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_salesforce_org_states' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'connection_id', primaryKeyConstraintName: 'pk_salesforce_org_states' })
  connectionId: string;

  /** Changes up to here (SystemModstamp) are known. Null: nothing pulled yet. */
  @Column('timestamptz', { name: 'pull_cursor', nullable: true })
  pullCursor: Date | null;

  @Column('jsonb', { name: 'pull_position', nullable: true })
  pullPosition: PullPosition | null;

  @Column('integer', { name: 'pulls_done', default: 0 })
  pullsDone: number;

  /** Due mark of the pull. Null: nobody syncs. */
  @Column('timestamptz', { name: 'next_pull_at', nullable: true })
  nextPullAt: Date | null;

  /** Due mark of the reconcile; in the past while one runs. Null: nobody syncs, or only on demand. */
  @Column('timestamptz', { name: 'next_reconcile_at', nullable: true })
  nextReconcileAt: Date | null;

  @Column('timestamptz', { name: 'last_pull_at', nullable: true })
  lastPullAt: Date | null;

  /** Org's clock minus ours, milliseconds. */
  @Column('integer', { name: 'clock_skew_ms', default: 0 })
  clockSkewMs: number;

  /** Records in one write call; adapts between 25 and 1,000. */
  @Column('integer', { name: 'batch_size', default: 200 })
  batchSize: number;

  @Column('integer', { name: 'api_used', nullable: true })
  apiUsed: number | null;

  @Column('integer', { name: 'api_limit', nullable: true })
  apiLimit: number | null;

  @Column('timestamptz', { name: 'api_seen_at', nullable: true })
  apiSeenAt: Date | null;

  /** Up to this percent of the limit, counted over all that use the org, we may call. */
  @Column('smallint', { name: 'api_share_percent', default: 80 })
  apiSharePercent: number;

  /** Percent of the limit, below that, which is kept for people's changes. */
  @Column('smallint', { name: 'api_reserve_percent', default: 10 })
  apiReservePercent: number;

  /** Work that is not due before its time here, because the budget is short. Null: none. */
  @Column('jsonb', { name: 'api_holds', nullable: true })
  apiHolds: ApiHolds | null;

  /** Set when the org itself says that its limit is reached: nothing is called before. */
  @Column('timestamptz', { name: 'quiet_until', nullable: true })
  quietUntil: Date | null;

  /** Task describe, TaskStatus, TaskPriority as last read (see org-schema.ts). */
  @Column('jsonb', { name: 'org_schema', nullable: true })
  orgSchema: Record<string, unknown> | null;

  @Column('timestamptz', { name: 'org_schema_at', nullable: true })
  orgSchemaAt: Date | null;
}
