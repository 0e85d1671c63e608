/**
 * What the audit log says of each route that only admins may call and that changes something. A new route of this kind fails the tests until it is here.
 */
export const audited: Readonly<Record<string, string | { nothing: string }>> = {
  'POST /v1/users': 'user.created',
  'PATCH /v1/users/{id}': 'user.updated',
  'POST /v1/users/{id}/invitation': 'user.invited',
  'POST /v1/users/{id}/deactivation': 'user.deactivated',
  'POST /v1/invitations': 'user.invited',
  'PATCH /v1/team': 'team.renamed',
  'DELETE /v1/team': { nothing: 'the log goes with the team; the log of the process names who deleted it' },
  'POST /v1/salesforce/connection': {
    nothing: 'begins only; salesforce.connected comes with the answer of Salesforce',
  },
  'POST /v1/salesforce/connection/jwt': 'salesforce.connected',
  'DELETE /v1/salesforce/connection': 'salesforce.disconnected',
  'POST /v1/salesforce/connection/pause': 'salesforce.paused',
  'POST /v1/salesforce/connection/resume': 'salesforce.resumed',
  'POST /v1/salesforce/users/match': 'salesforce.matching_run',
  'PUT /v1/salesforce/users/{userId}/match': 'salesforce.user_matched',
  'DELETE /v1/salesforce/users/{userId}/match': 'salesforce.match_removed',
  'PUT /v1/salesforce/api-budget': 'salesforce.api_budget_set',
  'PUT /v1/salesforce/task-sync/settings': 'salesforce.settings_changed',
  'PUT /v1/salesforce/task-sync/users': 'salesforce.user_sync_changed',
  'POST /v1/salesforce/task-sync/preview': { nothing: 'reads only' },
  'POST /v1/salesforce/task-sync/runs/{id}/cancel': 'salesforce.run_cancelled',
  'POST /v1/salesforce/task-sync/reconcile': 'salesforce.reconcile_started',
  'POST /v1/salesforce/task-sync/alarms/{id}/confirm': 'salesforce.alarm_confirmed',
  'POST /v1/salesforce/task-sync/alarms/{id}/dismiss': 'salesforce.alarm_dismissed',

  'POST /v1/people/{id}/resubscribe': 'person.resubscribed',
  'PUT /v1/blocked-domains/{domain}': 'domain.blocked',
  'DELETE /v1/blocked-domains/{domain}': 'domain.unblocked',

  // Members may call these too; here an admin does it to what is somebody else's.
  'POST /v1/api-keys': 'api_key.created',
  'DELETE /v1/api-keys/{id}': 'api_key.revoked',
  'PATCH /v1/people/{id}': 'person.updated',
  'DELETE /v1/people/{id}': 'person.deleted',
  'PATCH /v1/templates/{id}': 'template.updated',
  'DELETE /v1/templates/{id}': 'template.deleted',
  'POST /v1/people/{id}/unsubscribe': 'person.unsubscribed',
  'POST /v1/salesforce/task-sync/conflicts/{id}/restore': 'salesforce.conflict_restored',
  'POST /v1/salesforce/task-sync/problems/{id}/retry': 'salesforce.problem_retried',
  'POST /v1/salesforce/task-sync/problems/{id}/ignore': 'salesforce.problem_ignored',
};
