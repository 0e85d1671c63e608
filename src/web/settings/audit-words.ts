const WORDS: Readonly<Record<string, string>> = {
  'user.created': 'Added a user',
  'user.invited': 'Invited',
  'user.updated': 'Changed a user',
  'user.activated': 'Activated',
  'user.deactivated': 'Deactivated',
  'user.handed_over': 'Handed over what they held',
  'user.password_set': 'Set a password by a link',
  'user.sign_in_link_made': 'Made a sign-in link',
  'api_key.created': 'Made an API key',
  'api_key.revoked': 'Revoked an API key',
  'team.created': 'Made the team',
  'team.renamed': 'Renamed the team',
  'person.updated': 'Changed somebody else’s person',
  'person.deleted': 'Deleted somebody else’s person',
  'person.erased': 'Erased a person',
  'person.merged': 'Merged somebody else’s person with another',
  'person.note_deleted': 'Deleted somebody else’s note on a person',
  'channel.created': 'Set up a delivery channel of the team',
  'channel.updated': 'Changed a delivery channel',
  'channel.paused': 'Paused a delivery channel',
  'channel.resumed': 'Resumed a delivery channel',
  'channel.removed': 'Removed a delivery channel',
  'template.updated': 'Changed somebody else’s template',
  'template.deleted': 'Deleted somebody else’s template',
  'template.locked': 'Locked a template',
  'template.unlocked': 'Unlocked a template',
  'person.unsubscribed': 'Unsubscribed somebody else’s person',
  'person.resubscribed': 'Subscribed a person again',
  'group.updated': 'Changed somebody else’s group',
  'group.deleted': 'Deleted somebody else’s group',
  'group.people_added': 'Added people to somebody else’s group',
  'group.people_removed': 'Took people out of somebody else’s group',
  'domain.blocked': 'Blocked a domain',
  'domain.unblocked': 'Unblocked a domain',
  'salesforce.connected': 'Connected Salesforce',
  'salesforce.disconnected': 'Disconnected Salesforce',
  'salesforce.org_switched': 'Switched to another Salesforce org',
  'salesforce.paused': 'Paused all sync',
  'salesforce.resumed': 'Resumed all sync',
  'salesforce.matching_run': 'Matched users with Salesforce',
  'salesforce.user_matched': 'Matched a user with Salesforce',
  'salesforce.match_removed': 'Removed a match with Salesforce',
  'salesforce.settings_changed': 'Changed how tasks are synced',
  'salesforce.user_sync_changed': 'Changed a user’s task sync',
  'salesforce.api_budget_set': 'Set the API budget',
  'salesforce.reconcile_started': 'Started a comparison',
  'salesforce.run_cancelled': 'Cancelled a first-time sync',
  'salesforce.alarm_confirmed': 'Confirmed that records were deleted',
  'salesforce.alarm_dismissed': 'Dismissed an alarm',
  'salesforce.problem_retried': 'Tried a problem again',
  'salesforce.problems_retried': 'Tried all problems of a kind again',
  'salesforce.problem_ignored': 'Left a problem alone',
  'salesforce.conflict_restored': 'Restored a value of a conflict',
};

/** Pure: what was done; one that this page does not know yet: `user.x_made` → `User: x made`. */
export function actionWords(action: string): string {
  const plain = action.replace('.', ': ').replaceAll('_', ' ');
  return WORDS[action] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Pure: the details in one line; changes as `role: member → admin`, ids left out. */
export function detailWords(details: Record<string, unknown>): string {
  return Object.entries(changesOf(details))
    .flatMap(([key, value]) => lineOf(key.replaceAll('_', ' '), value))
    .join(' · ');
}

/** A change told as a whole, before and after, is told by what differs. */
function changesOf(details: Record<string, unknown>): Record<string, unknown> {
  const { from, to } = details;
  if (!isRecord(from) || !isRecord(to)) return details;
  const changed = Object.keys(to).filter((key) => from[key] !== to[key]);
  return Object.fromEntries(changed.map((key) => [key, { from: from[key], to: to[key] }]));
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function lineOf(name: string, value: unknown): string[] {
  if (value === null || (typeof value === 'string' && ID.test(value))) return [];
  if (!isRecord(value)) return [`${name}: ${plain(value)}`];
  if ('from' in value && 'to' in value) return [`${name}: ${plain(value.from)} → ${plain(value.to)}`];
  return Object.entries(value).flatMap(([inner, of]) => lineOf(`${name} ${inner}`, of));
}

function plain(value: unknown): string {
  if (value === null || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(plain).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
