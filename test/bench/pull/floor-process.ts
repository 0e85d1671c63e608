// The floor of the pull: what has to be done at least so that what changed there is the same here, and a person can see
// what it was before.
//
//   - The same pages, one after the other; while one is written, the next one is fetched and parsed.
//   - COPY into a temporary table, then one statement each for the history, the tasks and what was agreed, joined by the
//     index on the id there.
//   - Rows and position are committed together, page by page.
//
// What it leaves out: any merge (nothing was changed here meanwhile), looking for copies by key, people and names, locks
// in the order of the ids, a lease, conflicts, the run's record.

import pg from 'pg';
import { FIELDS } from '../first-sync/floor.js';
import type { Task } from '../stand-in/org-data.js';
import { agreedOf } from '../support/agreed.js';
import { BareOrg } from '../support/bare-org.js';
import { childMain } from '../support/child.js';
import { copyIn, copyLine } from '../support/copy.js';
import type { ProductInput } from '../support/product.js';

const PAGE = 2_000;
const TEMPORARY = `
CREATE TEMP TABLE changed (salesforce_id text, name text, status text, priority text, due_date date, details text,
  reminder_at timestamptz, closed_at timestamptz, base jsonb, actor text, system_modstamp timestamptz)
  ON COMMIT DELETE ROWS`;

const HISTORY = `
INSERT INTO task_changes (team_id, id, task_id, field, old_value, new_value, origin, actor, at)
SELECT $1, uuidv7(), t.id, f.field, f.old, f.new, 'salesforce', c.actor, now()
FROM changed c
JOIN task_links l ON l.team_id = $1 AND l.salesforce_id = c.salesforce_id
JOIN tasks t ON t.team_id = $1 AND t.id = l.task_id
CROSS JOIN LATERAL (VALUES ('name', t.name, c.name), ('status', t.status, c.status),
  ('priority', t.priority, c.priority), ('due_date', t.due_date::text, c.due_date::text),
  ('details', t.details, c.details)) AS f (field, old, new)
WHERE f.old IS DISTINCT FROM f.new`;

const TASKS = `
UPDATE tasks t SET version = t.version + 1, updated_at = now(), name = c.name, status = c.status, priority = c.priority,
  due_date = c.due_date, details = c.details, reminder_at = c.reminder_at, closed_at = c.closed_at
FROM changed c JOIN task_links l ON l.team_id = $1 AND l.salesforce_id = c.salesforce_id
WHERE t.team_id = $1 AND t.id = l.task_id`;

const LINKS = `
UPDATE task_links l SET base = c.base, system_modstamp = c.system_modstamp, agreed_at = now()
FROM changed c WHERE l.team_id = $1 AND l.salesforce_id = c.salesforce_id`;

childMain(async (input: ProductInput) => {
  const db = new pg.Client({ connectionString: input.databaseUrl });
  await db.connect();
  await db.query(TEMPORARY);
  const org = new BareOrg(input.orgUrl);
  const started = performance.now();
  let coming: Promise<Task[]> | undefined = fetchPage(org, undefined);
  while (coming) {
    const rows: Task[] = await coming;
    const last = rows.length === PAGE ? rows.at(-1) : undefined;
    coming = last && fetchPage(org, last);
    await write(db, input.team.teamId, rows, last);
  }
  const seconds = (performance.now() - started) / 1000;
  await db.end();
  return { seconds };
});

async function fetchPage(org: BareOrg, last: Task | undefined): Promise<Task[]> {
  const stamp = last && `${last.SystemModstamp.slice(0, 19)}Z`;
  const where = last
    ? `(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${last.Id}'))`
    : 'SystemModstamp >= 2026-01-01T00:00:00Z';
  const soql = `SELECT ${FIELDS} FROM Task WHERE ${where} ORDER BY SystemModstamp, Id LIMIT ${PAGE}`;
  return (await org.queryAll<Task>(soql)).records;
}

async function write(db: pg.Client, teamId: string, rows: readonly Task[], last: Task | undefined): Promise<void> {
  await db.query('BEGIN');
  if (rows.length > 0) {
    await copyIn(db, 'changed', rows.map(lineOf));
    for (const statement of [HISTORY, TASKS, LINKS]) await db.query(statement, [teamId]);
  }
  const position = last ? { afterStamp: last.SystemModstamp, afterId: last.Id } : null;
  await db.query('UPDATE salesforce_org_states SET pull_position = $2, next_pull_at = $3 WHERE team_id = $1', [
    teamId,
    position,
    new Date(Date.now() + 30_000),
  ]);
  await db.query('COMMIT');
}

function lineOf(row: Task): string {
  const agreed = agreedOf(row);
  const { there, here } = agreed;
  return copyLine([
    ...[row.Id, here.name, here.status, here.priority, there.ActivityDate, there.Description, there.ReminderDateTime],
    ...[row.IsClosed ? row.CompletedDateTime : null, JSON.stringify(agreed), `salesforce:${row.LastModifiedById}`],
    row.SystemModstamp,
  ]);
}
