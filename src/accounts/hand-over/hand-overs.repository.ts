import { Injectable } from '@nestjs/common';
import { type Reader, Transactions, type Tx } from '../../platform/database/transactions.js';
import type { HandOver } from './hand-over.entity.js';

const SELECTED = `team_id AS "teamId", id, from_user_id AS "fromUserId", to_user_id AS "toUserId", actor, kind, after,
  moved, kept, kept_because AS "keptBecause", stopped_because AS "stoppedBecause", created_at AS "createdAt",
  finished_at AS "finishedAt"`;

@Injectable()
export class HandOvers {
  constructor(private readonly transactions: Transactions) {}

  async add(tx: Tx, row: Pick<HandOver, 'teamId' | 'id' | 'fromUserId' | 'toUserId' | 'actor' | 'createdAt'>) {
    await tx.query(
      `INSERT INTO hand_overs (team_id, id, from_user_id, to_user_id, actor, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [row.teamId, row.id, row.fromUserId, row.toUserId, row.actor, row.createdAt],
    );
  }

  /** The latest of a user. */
  async latest(reader: Reader, teamId: string, fromUserId: string): Promise<HandOver | undefined> {
    const [row] = await reader.query<HandOver>(
      `SELECT ${SELECTED} FROM hand_overs WHERE team_id = $1 AND from_user_id = $2 ORDER BY id DESC LIMIT 1`,
      [teamId, fromUserId],
    );
    return row;
  }

  /** The team's oldest that is not done; locked. */
  async next(tx: Tx, teamId: string): Promise<HandOver | undefined> {
    const [row] = await tx.query<HandOver>(
      `SELECT ${SELECTED} FROM hand_overs WHERE team_id = $1 AND finished_at IS NULL ORDER BY created_at, id LIMIT 1
       FOR NO KEY UPDATE`,
      [teamId],
    );
    return row;
  }

  async write(tx: Tx, row: HandOver): Promise<void> {
    await tx.query(
      `UPDATE hand_overs SET kind = $3, after = $4, moved = $5, kept = $6, kept_because = $7, stopped_because = $8,
         finished_at = $9
       WHERE team_id = $1 AND id = $2`,
      [
        ...[row.teamId, row.id, row.kind, row.after, JSON.stringify(row.moved), JSON.stringify(row.kept)],
        ...[row.keptBecause, row.stoppedBecause, row.finishedAt],
      ],
    );
  }

  async waitingTeams(limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT h.team_id AS id FROM hand_overs h JOIN teams t ON t.id = h.team_id AND t.deleted_at IS NULL
       WHERE h.finished_at IS NULL GROUP BY h.team_id ORDER BY min(h.created_at) LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  async backlog(): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      'SELECT count(*) AS due, min(created_at) AS oldest FROM hand_overs WHERE finished_at IS NULL',
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }
}
