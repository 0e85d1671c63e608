/**
 * What a restored database needs. It may be a copy beside the original, or old: nothing is written to an org before an
 * admin resumes, and then both sides are compared as a whole, because a restored cursor knows only what is still told.
 */
export const AFTER_RESTORE: readonly string[] = [
  `UPDATE salesforce_connections SET paused = true WHERE status <> 'disconnected'`,
  `UPDATE salesforce_org_states SET next_reconcile_at = coalesce(last_pull_at, now()), api_holds = NULL WHERE next_pull_at IS NOT NULL`,
];
