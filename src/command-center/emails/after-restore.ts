const DETAIL = 'Restored from a backup: it may have been sent after the backup was made.';
/** UUIDv7, as everywhere: the order of a history. */
const NOW_ID = `(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
  || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid`;

/**
 * What a restored database needs, or emails that left after the backup would leave again: nothing is sent before
 * somebody resumes the channels, and what was due by now, or leaving, is in doubt. The product does not run meanwhile,
 * so this writes beside its one writer, and as it does: state, folder, count and history.
 */
export const EMAILS_AFTER_RESTORE: readonly string[] = [
  `UPDATE delivery_channels SET paused_at = now(), version = version + 1 WHERE paused_at IS NULL AND deleted_at IS NULL`,
  `WITH held AS MATERIALIZED (
     SELECT team_id, id, folder FROM emails WHERE state = 'in_progress' OR state = 'scheduled' AND due_at <= now()
   ), moved AS (
     UPDATE emails e SET state = 'uncertain', folder = 'failed', reason = 'uncertain', reason_detail = '${DETAIL}',
       state_at = now(), updated_at = now(), version = e.version + 1
     FROM held h WHERE e.team_id = h.team_id AND e.id = h.id
     RETURNING e.team_id, e.user_id, e.id, h.folder AS was
   ), counted AS (
     INSERT INTO email_folder_changes (team_id, user_id, folder, emails)
     SELECT team_id, user_id, folder, sum(n) FROM (
       SELECT team_id, user_id, was AS folder, -1 AS n FROM moved
       UNION ALL SELECT team_id, user_id, 'failed', 1 FROM moved) c
     GROUP BY team_id, user_id, folder
   )
   INSERT INTO email_events (team_id, id, email_id, event, at, detail)
   SELECT team_id, ${NOW_ID}, id, 'doubt', now(), '${DETAIL}' FROM moved`,
];
