import pg from 'pg';
import type { HereTask, RepRow, Rows, ThereTask } from './compare-types.js';

/** The org's own table, whatever its API would say about it. */
const THERE = `
  SELECT t.id, t.subject, t.status, t.priority, t.activity_date::text AS "activityDate", t.description,
         t.is_reminder_set AS "isReminderSet", t.reminder_date_time AS "reminderAt", t.owner_id AS "ownerId",
         t.who_id AS "whoId", coalesce(c.name, l.name) AS "whoName", coalesce(c.email, l.email) AS "whoEmail",
         t.what_id AS "whatId", coalesce(a.name, o.name) AS "whatName", t.task_subtype AS "taskSubtype",
         t.is_closed AS "isClosed", t.is_deleted AS "isDeleted", t.is_recurrence AS "isRecurrence",
         t.created_date AS "createdAt", t.completed_date_time AS "completedAt",
         t.last_modified_date AS "lastModifiedAt", t.command_center_key AS key
  FROM sf_task t
  LEFT JOIN sf_contact c ON c.id = t.who_id
  LEFT JOIN sf_lead l ON l.id = t.who_id
  LEFT JOIN sf_account a ON a.id = t.what_id
  LEFT JOIN sf_opportunity o ON o.id = t.what_id
  ORDER BY t.id`;

const HERE = `
  SELECT t.id, t.name, t.status, t.priority, t.due_date::text AS "dueDate", t.details, t.reminder_at AS "reminderAt",
         t.assignee_id AS "assigneeId", u.email AS "assigneeEmail", p.name AS "personName", p.email AS "personEmail",
         t.who_id AS "whoId", t.what_id AS "whatId", t.what_name AS "whatName", t.deleted_at IS NOT NULL AS "isDeleted",
         t.away_since IS NOT NULL AS "isAway", t.created_by IS NULL AS imported, t.created_at AS "createdAt",
         k.salesforce_id AS "salesforceId"
  FROM tasks t
  JOIN users u ON u.team_id = t.team_id AND u.id = t.assignee_id
  LEFT JOIN people p ON p.team_id = t.team_id AND p.id = t.person_id
  LEFT JOIN task_links k ON k.team_id = t.team_id AND k.task_id = t.id
  ORDER BY t.id`;

const REPS = `
  SELECT u.id AS "userId", u.email, e.salesforce_user_id AS "salesforceUserId", e.scope, e.enrolled_at AS "enrolledAt"
  FROM task_sync_enrolments e JOIN users u ON u.team_id = e.team_id AND u.id = e.user_id
  WHERE e.state <> 'off' ORDER BY u.id`;

export function readThere(orgDatabaseUrl: string): Promise<ThereTask[]> {
  return select<ThereTask>(orgDatabaseUrl, THERE);
}

/** Both sides as they are now. */
export async function readRows(databaseUrl: string, orgDatabaseUrl: string, thereBefore: ThereTask[]): Promise<Rows> {
  const [there, users, here, reps] = await Promise.all([
    readThere(orgDatabaseUrl),
    select<{ id: string; email: string }>(orgDatabaseUrl, 'SELECT id, email FROM sf_user'),
    select<HereTask>(databaseUrl, HERE),
    select<RepRow>(databaseUrl, REPS),
  ]);
  return { there, thereBefore, here, reps, emails: new Map(users.map((user) => [user.id, user.email])) };
}

export async function select<Row extends object>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
