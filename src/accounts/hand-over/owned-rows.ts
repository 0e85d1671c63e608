import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { Handed, Handing, Holding } from './departures.js';

/** Rows that name their owner and nothing else keeps from going to another. The texts are SQL of our own. */
export interface OwnedTable {
  /** As the API names it. */
  kind: string;
  /** With the columns team_id, id, owner_id, updated_at and version. */
  table: string;
  /** Which of its rows `r` are there; all when left out. */
  alive?: string;
  /** What else becomes of a row `r` that goes from $2 to $3: `name = …`. */
  also?: string;
}

/** A kind of thing that goes to whoever takes over, as it is. */
export class OwnedRows implements Holding {
  readonly kind: string;

  constructor(private readonly owned: OwnedTable) {
    this.kind = owned.kind;
  }

  async count(reader: Reader, teamId: string, userId: string): Promise<number> {
    const [row] = await reader.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${this.owned.table} r WHERE ${this.where}`,
      [teamId, userId],
    );
    return row?.count ?? 0;
  }

  /** `after` is not needed: what was handed over is not theirs any more. */
  async hand(tx: Tx, { teamId, from, to, at }: Handing, _after: string | null, limit: number): Promise<Handed> {
    const { table, also } = this.owned;
    const rows = await tx.query<{ id: string }>(
      `WITH held AS MATERIALIZED (
         SELECT r.id FROM ${table} r WHERE ${this.where} ORDER BY r.id LIMIT $5 FOR NO KEY UPDATE
       )
       UPDATE ${table} r SET owner_id = $3, updated_at = $4, version = r.version + 1${also ? `, ${also}` : ''}
       FROM held WHERE r.team_id = $1 AND r.id = held.id RETURNING r.id`,
      [teamId, from, to, at, limit],
    );
    const last = rows.length < limit ? null : (rows.at(-1)?.id ?? null);
    return { moved: rows.length, kept: 0, keptBecause: null, after: last };
  }

  private get where(): string {
    const { alive } = this.owned;
    return `r.team_id = $1 AND r.owner_id = $2${alive ? ` AND ${alive}` : ''}`;
  }
}
