import type { Reader } from '../../platform/database/transactions.js';
import type { EmailTaskView } from './email-view.dto.js';

/** Of each email the task that is due next, or else the one that was done last. */
export async function tasksOfEmails(
  reader: Reader,
  teamId: string,
  emailIds: readonly string[],
): Promise<ReadonlyMap<string, EmailTaskView>> {
  const rows = await reader.query<EmailTaskView & { emailId: string }>(
    `SELECT DISTINCT ON (r.email_id) r.email_id AS "emailId", t.id, t.type, t.name, t.status, t.due_date
     FROM email_tasks r JOIN tasks t ON t.team_id = r.team_id AND t.id = r.task_id
     WHERE r.team_id = $1 AND r.email_id = ANY($2::uuid[]) AND t.deleted_at IS NULL
     ORDER BY r.email_id, (t.status = 'open') DESC, CASE WHEN t.status = 'open' THEN t.due_date END, t.closed_at DESC, t.id`,
    [teamId, emailIds],
  );
  return new Map(rows.map(({ emailId, ...task }) => [emailId, task]));
}
