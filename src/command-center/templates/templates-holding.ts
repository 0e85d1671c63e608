import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Departures, type Handed, type Handing, type Holding } from '../../accounts/hand-over/departures.js';
import type { Reader, Tx } from '../../platform/database/transactions.js';

/** The templates that a user owns go to whoever takes over. */
@Injectable()
export class TemplatesHolding implements Holding, OnModuleInit {
  readonly kind = 'templates';

  constructor(private readonly departures: Departures) {}

  onModuleInit(): void {
    this.departures.holds(this);
  }

  async count(reader: Reader, teamId: string, userId: string): Promise<number> {
    const [row] = await reader.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM templates WHERE team_id = $1 AND owner_id = $2 AND deleted_at IS NULL',
      [teamId, userId],
    );
    return row?.count ?? 0;
  }

  /** `after` is not needed: what was handed over is not theirs any more. */
  async hand(tx: Tx, { teamId, from, to, at }: Handing, _after: string | null, limit: number): Promise<Handed> {
    const rows = await tx.query<{ id: string }>(
      `WITH held AS MATERIALIZED (
         SELECT id FROM templates WHERE team_id = $1 AND owner_id = $2 AND deleted_at IS NULL
         ORDER BY id LIMIT $5 FOR NO KEY UPDATE
       )
       UPDATE templates t SET owner_id = $3, updated_at = $4, version = t.version + 1
       FROM held WHERE t.team_id = $1 AND t.id = held.id RETURNING t.id`,
      [teamId, from, to, at, limit],
    );
    const last = rows.length < limit ? null : (rows.at(-1)?.id ?? null);
    return { moved: rows.length, kept: 0, keptBecause: null, after: last };
  }
}
