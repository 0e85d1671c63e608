import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';

/** What a lane of the dispatch stands for. */
export interface LaneChannel {
  teamId: string;
  /** Its team is deleted, or it is. */
  teamGone: boolean;
  removed: boolean;
  lookedAt: Date | null;
  notBefore: Date | null;
  paused: boolean;
  stopped: boolean;
}

const ALIVE = `delivery_channels c
  JOIN teams t ON t.id = c.team_id AND t.deleted_at IS NULL
  JOIN delivery_channel_paces p ON p.team_id = c.team_id AND p.channel_id = c.id`;
const OPEN = `(c.deleted_at IS NOT NULL
  OR c.paused_at IS NULL AND p.stopped_at IS NULL AND (p.not_before IS NULL OR p.not_before <= $1))`;

/** What the dispatch asks of channels. */
@Injectable()
export class DispatchRepository {
  /** Channels that may send an email that is due, or that somebody left in the middle of sending. */
  async dueLanes(reader: Reader, now: Date, limit: number): Promise<string[]> {
    const rows = await reader.query<{ lane: string }>(
      `SELECT c.id AS lane FROM ${ALIVE}
       LEFT JOIN LATERAL (
         SELECT e.due_at FROM emails e
         WHERE e.team_id = c.team_id AND e.channel_id = c.id AND e.state = 'scheduled' AND e.due_at <= $1
         ORDER BY e.due_at, e.id LIMIT 1) d ON true
       WHERE d.due_at IS NOT NULL AND ${OPEN} OR EXISTS (
         SELECT 1 FROM emails e WHERE e.team_id = c.team_id AND e.channel_id = c.id AND e.state = 'in_progress')
       ORDER BY d.due_at NULLS FIRST LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ lane }) => lane);
  }

  /** How many emails are due, and since when. */
  async backlog(reader: Reader, now: Date): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await reader.query<{ due: number; oldest: Date | null }>(
      `SELECT coalesce(sum(d.due), 0)::int AS due, min(d.oldest) AS oldest FROM ${ALIVE}
       CROSS JOIN LATERAL (
         SELECT count(*) AS due, min(e.due_at) AS oldest FROM emails e
         WHERE e.team_id = c.team_id AND e.channel_id = c.id AND e.state = 'scheduled' AND e.due_at <= $1) d`,
      [now],
    );
    return row ?? { due: 0, oldest: null };
  }

  async channelOf(tx: Tx, lane: string): Promise<LaneChannel | undefined> {
    const [row] = await tx.query<LaneChannel>(
      `SELECT c.team_id AS "teamId", t.deleted_at IS NOT NULL AS "teamGone", c.deleted_at IS NOT NULL AS removed,
         p.looked_at AS "lookedAt", p.not_before AS "notBefore", c.paused_at IS NOT NULL AS paused,
         p.stopped_at IS NOT NULL AS stopped
       FROM delivery_channels c JOIN teams t ON t.id = c.team_id
       JOIN delivery_channel_paces p ON p.team_id = c.team_id AND p.channel_id = c.id WHERE c.id = $1`,
      [lane],
    );
    return row;
  }

  /** Somebody was there at this time, and sent what was due as far as the channel let them. */
  async looked(tx: Tx, teamId: string, channelId: string, at: Date): Promise<void> {
    await tx.query('UPDATE delivery_channel_paces SET looked_at = $3 WHERE team_id = $1 AND channel_id = $2', [
      ...[teamId, channelId, at],
    ]);
  }

  async channelIds(tx: Tx, teamId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>('SELECT id FROM delivery_channels WHERE team_id = $1', [teamId]);
    return rows.map(({ id }) => id);
  }
}
