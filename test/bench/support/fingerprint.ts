import { withDatabase } from './team.js';

/** What there is after a run, in a form in which two databases can be compared whatever ids and times they gave. */
export interface Fingerprint {
  tasks: number;
  linked: number;
  people: number;
  due: number;
  digest: string;
}

// Order does not matter to a sum of hashes, and no memory is needed for it.
const SQL = `
WITH rows AS (
  SELECT hashtextextended(row (t.type, t.name, t.status, t.priority, t.due_date, t.details, t.reminder_at, t.assignee_id,
      t.who_id, t.what_id, t.what_name, t.closed_at, t.deleted_at IS NULL, t.away_since IS NULL, p.name, p.email,
      r.salesforce_id, CASE WHEN l.key_made THEN NULL ELSE l.salesforce_id END, l.base, l.archived, l.deleted_there,
      l.due_since IS NULL, l.sent)::text, 0)::numeric AS hash
  FROM tasks t
  LEFT JOIN (SELECT *, salesforce_id >= '00T5g0000100000' COLLATE "C" AS key_made FROM task_links) l
    ON l.team_id = t.team_id AND l.task_id = t.id
  LEFT JOIN people p ON p.team_id = t.team_id AND p.id = t.person_id
  LEFT JOIN person_salesforce_records r ON r.team_id = t.team_id AND r.salesforce_id = t.who_id AND r.person_id = p.id
)
SELECT (SELECT count(*) FROM tasks)::int AS tasks,
       (SELECT count(*) FROM task_links WHERE salesforce_id IS NOT NULL)::int AS linked,
       (SELECT count(*) FROM people)::int AS people,
       (SELECT count(*) FROM task_links WHERE due_since IS NOT NULL OR sent IS NOT NULL)::int AS due,
       (SELECT sum(hash)::text FROM rows) AS digest`;

export function fingerprint(databaseUrl: string): Promise<Fingerprint> {
  return withDatabase(databaseUrl, async (db) => {
    const { rows } = await db.query<Fingerprint>(SQL);
    if (!rows[0]) throw new Error('There is no fingerprint.');
    return rows[0];
  });
}

/** Fails the benchmark when the result is not the one that was asked for. */
export function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`Wrong result, ${what}: ${a} instead of ${b}.`);
}
