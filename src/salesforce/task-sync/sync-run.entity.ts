import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

export const RUN_KINDS = ['first_sync', 'pull', 'push', 'reconcile'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
export const RUN_STATUSES = ['running', 'done', 'cancelled', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What one run of the sync did, append-only but for its counters while it runs. */
@Entity('sync_runs')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_sync_runs_team', onDelete: 'CASCADE' })
@Index('ix_sync_runs_team', ['teamId', 'id'])
@Index('ix_sync_runs_reconcile', ['teamId', 'id'], { where: `kind = 'reconcile'` })
@Index('uq_sync_runs_reconcile_running', ['teamId'], {
  unique: true,
  where: `kind = 'reconcile' AND status = 'running'`,
})
@Check('ck_sync_runs_kind', `kind IN ('first_sync', 'pull', 'push', 'reconcile')`)
@Check('ck_sync_runs_status', `status IN ('running', 'done', 'cancelled', 'failed')`)
export class SyncRun {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_sync_runs' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sync_runs' })
  id: string;

  @Column('text')
  kind: RunKind;

  @Column('text')
  status: RunStatus;

  /** Tasks that the first-time sync will read, counted at its start. */
  @Column('integer', { nullable: true })
  total: number | null;

  @Column('integer', { default: 0 })
  done: number;

  /** Counters: imported, linked, merged, pushed, created, deleted, conflicts, failed; skipped by reason; of a reconcile, what it found and repaired. */
  @Column('jsonb', { default: {} })
  counts: Record<string, number>;

  @Column('integer', { name: 'api_calls', default: 0 })
  apiCalls: number;

  /** Where it goes on after an interruption. */
  @Column('jsonb', { nullable: true })
  position: Record<string, unknown> | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
