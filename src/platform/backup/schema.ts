import type { ClientBase } from 'pg';

export interface BackedUpTable {
  name: string;
  columns: string[];
}

/** Names of the migrations that made the schema; none: nothing is there yet. */
export async function migrationsOf(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('migrations') IS NOT NULL AS there`);
  if (!rows[0]?.there) return [];
  const found = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp');
  return found.rows.map(({ name }) => name);
}

/**
 * The tables that hold the product's state, each after those that it refers to. Left out: the migrations, and tables
 * with a column `xid` or of its type: transaction ids mean nothing in another server (feeds of what just happened).
 */
export async function tablesOf(client: ClientBase): Promise<BackedUpTable[]> {
  const { rows } = await client.query<BackedUpTable & { refers: string[] }>(`
    SELECT c.relname AS name,
      (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      (SELECT coalesce(array_agg(DISTINCT f.confrelid::regclass::text), '{}') FROM pg_constraint f
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS refers
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> 'migrations'
      AND NOT EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = c.oid AND x.attnum > 0 AND NOT x.attisdropped
        AND (x.attname = 'xid' OR x.atttypid IN ('xid'::regtype, 'xid8'::regtype)))
    ORDER BY c.relname`);
  return inOrder(rows);
}

function inOrder(tables: readonly (BackedUpTable & { refers: string[] })[]): BackedUpTable[] {
  const waiting = new Map(tables.map((table) => [table.name, table]));
  const ordered: BackedUpTable[] = [];
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(({ refers }) => !refers.some((name) => waiting.has(name)));
    if (free.length === 0)
      throw new Error(`These tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`);
    for (const { name, columns } of free) {
      ordered.push({ name, columns });
      waiting.delete(name);
    }
  }
  return ordered;
}

/** Sequences that have given out a number, and the last one. */
export async function sequencesOf(client: ClientBase): Promise<{ name: string; last: string }[]> {
  const { rows } = await client.query<{ name: string; last: string }>(
    `SELECT sequencename AS name, last_value::text AS last FROM pg_sequences
     WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> 'migrations_id_seq'`,
  );
  return rows;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
