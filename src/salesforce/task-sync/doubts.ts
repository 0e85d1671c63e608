import type { Link } from './links.repository.js';
import { fieldsOf, type TaskRecord } from './remote-task.js';
import { type SalesforceFields, type SentWrite, SYNCED_FIELDS, type SyncedField } from './task-fields.js';

/*
 * A call whose answer was lost may commit later than the calls after it: it waited in front of the org, or its
 * transaction took its time. Then an older value of ours comes back over a newer one, and looks like an edit there.
 * So each write that was given up in doubt is remembered for as long as Salesforce may take.
 */

/** Salesforce ends a transaction after ten minutes; a request may wait a while before it. */
export const MAY_COMMIT_MS = 15 * 60_000;

/** What is still in doubt once `remote` was read: `sent`, unless it is there, and what was in doubt before. */
export function doubtsOf(
  link: Pick<Link, 'sent' | 'doubts'>,
  remote: TaskRecord | 'gone' | 'never',
  at: string,
): SentWrite[] | null {
  const known = (link.doubts ?? []).filter((doubt) => isFresh(doubt, at));
  const { sent } = link;
  if (sent && !hasCommitted(sent, remote)) return [...known.filter((doubt) => !isSame(doubt, sent)), sent];
  return known.length > 0 ? known : null;
}

/** Fields whose present value there is one that an earlier write of ours carried, and not the one agreed on since. */
export function lateFields(
  link: Pick<Link, 'doubts'>,
  agreed: SalesforceFields,
  there: SalesforceFields,
  at: string,
): ReadonlySet<SyncedField> {
  const late = new Set<SyncedField>();
  for (const doubt of link.doubts ?? []) {
    if (!isFresh(doubt, at) || !('fields' in doubt)) continue;
    for (const field of SYNCED_FIELDS) {
      if (field in doubt.fields && doubt.fields[field] === there[field] && there[field] !== agreed[field])
        late.add(field);
    }
  }
  return late;
}

/** What made a record of which nothing else is known yet: the last try, or one before it that was refused again. */
export function createOf(link: Pick<Link, 'sent' | 'doubts'>): Extract<SentWrite, { op: 'create' }> | undefined {
  return [...(link.doubts ?? []), link.sent].findLast((write) => write?.op === 'create');
}

/** Whether a deletion or undeletion of ours is still in doubt. */
export function isLate(link: Pick<Link, 'doubts'>, op: 'delete' | 'restore', at: string): boolean {
  return (link.doubts ?? []).some((doubt) => doubt.op === op && isFresh(doubt, at));
}

function isFresh(doubt: SentWrite, at: string): boolean {
  return Date.parse(at) - Date.parse(doubt.at) < MAY_COMMIT_MS;
}

/** Tried again with the same values: the later try stands for both. */
function isSame(one: SentWrite, other: SentWrite): boolean {
  return JSON.stringify({ ...one, at: null }) === JSON.stringify({ ...other, at: null });
}

function hasCommitted(sent: SentWrite, remote: TaskRecord | 'gone' | 'never'): boolean {
  if (sent.op === 'create') return true;
  if (remote === 'never') return false;
  const isGone = remote === 'gone' || remote.IsDeleted;
  if (sent.op === 'delete') return isGone;
  if (isGone) return false;
  if (sent.op === 'restore') return true;
  const { fields } = sent as Extract<SentWrite, { op: 'update' }>;
  const there = fieldsOf(remote);
  return SYNCED_FIELDS.every((field) => !(field in fields) || fields[field] === there[field]);
}
