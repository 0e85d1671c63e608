// Removes the rows of deleted teams. Invariants:
//
//   1. The mark is `teams.deleted_at`; the team's own row goes last, so a removal that was killed is found again.
//   2. Each transaction begins with lease.check and removes a batch of one table. The batch adapts to what its rows cost
//      (to remove a user looks for that user's tasks): a million tasks make many transactions and no long one.
//   3. A row goes before those that it names (removal-order.ts): what would cascade has gone by then, batch by batch.
//   4. A request that began before the deletion may add rows while the removal runs. So the transaction that removes the
//      team's row has looked through all tables and found nothing; what is added even then, the foreign keys find.
//
//   table ──batch──▶ same table again
//     └─fewer─▶ next table … last look ──a row is there──▶ its table again
//                                 └─nothing is left──▶ the team's row, its lane: gone

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { sqlState, Transactions, type Tx } from '../platform/database/transactions.js';
import { LaneEnds } from '../platform/pipelines/lane-ends.js';
import type { LaneLease } from '../platform/pipelines/lane-lease.js';
import type { Backlog, PipelineHandler, SliceResult } from '../platform/pipelines/pipeline.js';
import { Pipelines } from '../platform/pipelines/pipelines.js';
import { FIRST_BATCH, nextBatch } from './removal-batch.js';
import type { TeamTable } from './removal-order.js';
import { TeamData } from './team-data.js';

/** The pipeline whose lanes are deleted teams. */
export const TEAM_REMOVAL = 'team-removal';

const FOREIGN_KEY_VIOLATION = '23503';

/** So often it begins anew for rows that came in between; after that they are somebody's mistake, and the lane rests. */
const MOST_RESTARTS = 3;

/** Where the removal of a team stands: its next batch is of the nth table, and so many rows. */
interface Position {
  table: number;
  rows: number;
  restarts: number;
}

const START: Position = { table: 0, rows: FIRST_BATCH, restarts: 0 };

@Injectable()
export class TeamRemoval implements PipelineHandler, OnModuleInit {
  // Only a shortcut: forgotten at a restart, when the first table is looked at again.
  private readonly positions = new Map<string, Position>();

  constructor(
    private readonly pipelines: Pipelines,
    private readonly data: TeamData,
    private readonly lanes: LaneEnds,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.pipelines.register(TEAM_REMOVAL, this);
  }

  async dueLanes(_now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      'SELECT id FROM teams WHERE deleted_at IS NOT NULL ORDER BY deleted_at, id LIMIT $1',
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  async backlog(): Promise<Backlog[]> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      'SELECT count(*) AS due, min(deleted_at) AS oldest FROM teams WHERE deleted_at IS NOT NULL',
    );
    return [{ work: 'remove', due: Number(row?.due ?? 0), oldest: row?.oldest ?? null }];
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    const teamId = lease.lane;
    const position = this.positions.get(teamId) ?? START;
    this.positions.delete(teamId);
    const next = await this.step(position, teamId, lease);
    if (next === 'gone') return { kind: 'gone' };
    this.positions.set(teamId, next);
    return { kind: 'worked' };
  }

  private async step(position: Position, teamId: string, lease: LaneLease): Promise<Position | 'gone'> {
    const tables = this.data.tables();
    const table = tables[position.table];
    const began = performance.now();
    try {
      return await this.transactions.run(async (tx) => {
        await lease.check(tx);
        const found = await tx.query('SELECT 1 FROM teams WHERE id = $1 AND deleted_at IS NOT NULL', [teamId]);
        if (found.length === 0) return 'gone';
        // A late hint may have woken one once more, and its worker have died there.
        await this.lanes.forget(tx, await this.data.lanesOf(tx, teamId));
        if (!table) return this.lastLook(tx, teamId, tables, position);
        const removed = await removeRows(tx, table, teamId, position.rows);
        if (removed < position.rows) return { ...position, table: position.table + 1, rows: FIRST_BATCH };
        return { ...position, rows: nextBatch(position.rows, performance.now() - began) };
      });
    } catch (error) {
      if (sqlState(error) !== FOREIGN_KEY_VIOLATION || position.restarts >= MOST_RESTARTS) throw error;
      // A request that began before the deletion added a row at this moment.
      return { ...START, restarts: position.restarts + 1 };
    }
  }

  /** The table that still has a row, or else the team's own row goes. */
  private async lastLook(
    tx: Tx,
    teamId: string,
    tables: readonly TeamTable[],
    position: Position,
  ): Promise<Position | 'gone'> {
    for (const [nth, { name }] of tables.entries()) {
      const rows = await tx.query(`SELECT 1 FROM ${name} WHERE team_id = $1 LIMIT 1`, [teamId]);
      if (rows.length > 0) return { ...position, table: nth, rows: FIRST_BATCH };
    }
    await tx.query('DELETE FROM teams WHERE id = $1', [teamId]);
    await this.lanes.forget(tx, [{ pipeline: TEAM_REMOVAL, lane: teamId }]);
    return 'gone';
  }
}

/** At most `limit` rows of one table, whose name comes from our own code. Answers how many. */
async function removeRows(tx: Tx, { name }: TeamTable, teamId: string, limit: number): Promise<number> {
  const [row] = await tx.query<{ removed: number }>(
    `WITH gone AS (
       DELETE FROM ${name} WHERE team_id = $1 AND ctid = ANY(ARRAY(
         SELECT ctid FROM ${name} WHERE team_id = $1 LIMIT $2)) RETURNING 1)
     SELECT count(*)::int AS removed FROM gone`,
    [teamId, limit],
  );
  return row?.removed ?? 0;
}
