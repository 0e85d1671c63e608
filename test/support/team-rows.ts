import type { DataSource } from 'typeorm';

type Rows = Record<string, string[]>;

/** Every table of the schema with a column `team_id`: also one that was added yesterday. */
export async function tablesOfTeams(dataSource: DataSource): Promise<string[]> {
  const rows: { name: string }[] = await dataSource.query(
    `SELECT c.table_name AS name FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND c.column_name = 'team_id' AND t.table_type = 'BASE TABLE' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** All rows of a team, table by table, whole and in an order of their own. */
export async function rowsOfTeam(dataSource: DataSource, teamId: string): Promise<Rows> {
  const found: Rows = {};
  for (const table of await tablesOfTeams(dataSource)) {
    const rows: { row: string }[] = await dataSource.query(
      `SELECT t::text AS row FROM ${table} t WHERE team_id = $1 ORDER BY 1`,
      [teamId],
    );
    found[table] = rows.map(({ row }) => row);
  }
  const [team]: { row: string }[] = await dataSource.query('SELECT t::text AS row FROM teams t WHERE id = $1', [
    teamId,
  ]);
  return { ...found, teams: team ? [team.row] : [] };
}

/** Rows of any table whatsoever in whose text one of these ids stands. */
export async function tracesOf(dataSource: DataSource, ids: readonly string[]): Promise<string[]> {
  const tables: { name: string }[] = await dataSource.query(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  const traces: string[] = [];
  for (const { name } of tables) {
    const rows: { row: string }[] = await dataSource.query(
      `SELECT t::text AS row FROM "${name}" t WHERE t::text LIKE ANY($1::text[]) LIMIT 5`,
      [ids.map((id) => `%${id}%`)],
    );
    traces.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return traces;
}
