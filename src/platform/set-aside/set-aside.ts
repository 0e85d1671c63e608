import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../database/transactions.js';

/** Where rows hold, and whose they are. */
export interface Place {
  teamId: string;
  place: string;
}

/** A table whose rows can be set aside. All names come from our own code. */
export interface Aside {
  table: string;
  /** The column that tells its rows apart within a team. */
  key: string;
  /** What a row that comes back must still find: the id in `column` of `table`. */
  parent: { table: string; column: string };
  /** What is different of a row that comes back. */
  patch?: Readonly<Record<string, unknown>>;
}

/**
 * Takes the rows of a team that belong to one place out of their tables, and brings them back. Set-based: a statement
 * for a table, whatever its size.
 */
@Injectable()
export class SetAside {
  /** Waits for whoever has one of the rows locked. Answers how many. */
  async take(tx: Tx, { teamId, place }: Place, { table, key }: Aside): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `WITH gone AS (DELETE FROM ${table} t WHERE t.team_id = $1 RETURNING t.*),
            kept AS (
              INSERT INTO set_aside_rows (team_id, place, source, key, row)
              SELECT team_id, $2, '${table}', ${key}::text, to_jsonb(gone) FROM gone
              ON CONFLICT (team_id, place, source, key) DO UPDATE SET row = excluded.row RETURNING 1)
       SELECT count(*)::int AS count FROM kept`,
      [teamId, place],
    );
    return row?.count ?? 0;
  }

  /** A row whose parent is gone, or in whose place there is another one by now, is dropped. */
  async bringBack(tx: Tx, { teamId, place }: Place, { table, parent, patch = {} }: Aside): Promise<void> {
    await tx.query(
      `WITH back AS (
         DELETE FROM set_aside_rows WHERE team_id = $1 AND place = $2 AND source = '${table}' RETURNING row)
       INSERT INTO ${table}
       SELECT r.* FROM back CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, back.row || $3::jsonb) r
       WHERE EXISTS (SELECT 1 FROM ${parent.table} p WHERE p.team_id = $1 AND p.id = r.${parent.column})
       ON CONFLICT DO NOTHING`,
      [teamId, place, JSON.stringify(patch)],
    );
  }

  /** Rows that wait, in any place, belong to another parent from now on. */
  async moveParent(tx: Tx, teamId: string, { table, parent }: Aside, from: string, to: string): Promise<void> {
    await tx.query(
      `UPDATE set_aside_rows SET row = row || jsonb_build_object($3::text, $5::text)
       WHERE team_id = $1 AND source = $2 AND row ->> $3 = $4`,
      [teamId, table, parent.column, from, to],
    );
  }

  /** Rows of these parents, in any place, never come back. */
  async forgetParents(tx: Tx, teamId: string, { table, parent }: Aside, ids: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM set_aside_rows WHERE team_id = $1 AND source = $2 AND row ->> $3 = ANY($4::text[])', [
      ...[teamId, table, parent.column, ids],
    ]);
  }

  /** How many rows of each table wait for the team to come back, by place. */
  async counts(reader: Reader, teamId: string, table: string): Promise<{ place: string; rows: number }[]> {
    return reader.query(
      `SELECT place, count(*)::int AS rows FROM set_aside_rows WHERE team_id = $1 AND source = $2
       GROUP BY place ORDER BY place`,
      [teamId, table],
    );
  }
}
