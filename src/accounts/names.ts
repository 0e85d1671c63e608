import type { Reader } from '../platform/database/transactions.js';

/** Read model for other rooms: what users are called. */
export async function userNames(
  reader: Reader,
  teamId: string,
  ids: Iterable<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await reader.query<{ id: string; name: string }>(
    'SELECT id, name FROM users WHERE team_id = $1 AND id = ANY($2::uuid[])',
    [teamId, wanted],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Names of those who act, as the history keeps them: `user:<id>` and `key:<id>`. */
export async function actorNames(
  reader: Reader,
  teamId: string,
  actors: Iterable<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(actors)].filter((actor) => actor !== null && /^(user|key):/.test(actor));
  if (wanted.length === 0) return new Map();
  const rows = await reader.query<{ actor: string; name: string }>(
    `SELECT 'user:' || id AS actor, name FROM users WHERE team_id = $1 AND 'user:' || id = ANY($2::text[])
     UNION ALL
     SELECT 'key:' || id, name FROM api_keys WHERE team_id = $1 AND 'key:' || id = ANY($2::text[])`,
    [teamId, wanted],
  );
  return new Map(rows.map(({ actor, name }) => [actor, name]));
}

/** Whether somebody of the team can be given something to do. */
export async function isActiveUser(reader: Reader, teamId: string, userId: string): Promise<boolean> {
  const sql = 'SELECT 1 FROM users WHERE team_id = $1 AND id = $2 AND active';
  return (await reader.query(sql, [teamId, userId])).length > 0;
}

/** Whether there is such a user, active or not. */
export async function isTeamUser(reader: Reader, teamId: string, userId: string): Promise<boolean> {
  return (await reader.query('SELECT 1 FROM users WHERE team_id = $1 AND id = $2', [teamId, userId])).length > 0;
}
