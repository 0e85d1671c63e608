import type { TaskValues } from '../../../command-center/tasks/task-values.js';
import type { LocalDate } from '../../../platform/clock/local-date.js';
import type { Remote } from '../decide.js';
import type { Link } from '../links.repository.js';
import { changedHere, type Mapping, toThere } from '../mapping.js';
import { fieldsOf, type TaskRecord } from '../remote-task.js';
import type { Counts } from '../runs.repository.js';
import { SYNCED_FIELDS } from '../task-fields.js';
import type { SyncScope } from '../task-sync-settings.entity.js';

/** Differences that the ongoing sync should not have left. */
export const DRIFT_KINDS = [
  /** Changed there, and not here. */
  'missed_change',
  /** Given to somebody else there. */
  'missed_move',
  'missed_deletion',
  /** Deleted there for good. */
  'missed_purge',
  'missed_undelete',
  /** There, of a rep who syncs, and not here. */
  'missing_here',
  /** There, carrying the key of a task here that knew nothing of it. */
  'lost_link',
  /** Changed here, and nothing said that it must go there. */
  'lost_mark',
  /** A write whose answer was lost, and nothing said that it must be settled. */
  'unsettled_write',
] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** All counters at 0: a pass that finds nothing says so. */
export function noDrift(): Counts {
  const counts: Counts = { compared: 0 };
  for (const kind of DRIFT_KINDS) counts[`found_${kind}`] = counts[`repaired_${kind}`] = 0;
  return counts;
}

/** What a linked record's present state says that the link does not know; `archived` is no drift, as nothing tells it. */
export function differenceOf(link: Link, remote: Remote): DriftKind | 'archived' | undefined {
  // A write is under way, or was never made: the push looks at these itself.
  if (remote === 'never' || link.sent || !link.base) return undefined;
  if (remote === 'gone') return link.deletedThere ? undefined : 'missed_purge';
  if (remote.IsDeleted) return link.deletedThere ? undefined : 'missed_deletion';
  if (link.deletedThere) return 'missed_undelete';
  const present = fieldsOf(remote);
  const there = link.base.overridden ?? link.base.there;
  if (present.OwnerId !== there.OwnerId) return 'missed_move';
  if (SYNCED_FIELDS.some((field) => present[field] !== there[field])) return 'missed_change';
  return (remote.IsArchived === true) !== link.archived ? 'archived' : undefined;
}

/** Whether a task here has something for Salesforce that its link, which is not due, does not say. */
export function hasUnsentChange(task: TaskValues, link: Link, mapping: Mapping): boolean {
  const skippedAway = task.status === 'skipped' && mapping.settings.skippedAs === 'deleted';
  const gone = task.deletedAt !== null || skippedAway;
  if (!link.base || link.salesforceId === null) return !gone;
  // A skipped task stays as it was pushed, also after the team chose another meaning of skipping.
  if (link.deletedThere) return !gone && task.status !== 'skipped';
  if (gone && link.archived) return false;
  if (task.deletedAt !== null) return true;
  if (skippedAway) return link.base.here.status !== 'skipped';
  const { base } = link;
  return SYNCED_FIELDS.some((field) => {
    if (!changedHere(field, task, base, mapping)) return false;
    const wanted = toThere(field, task, mapping);
    return wanted !== undefined && wanted !== base.there[field];
  });
}

/** A rep whose Tasks must be here. */
export interface ReconciledRep {
  userId: string;
  salesforceUserId: string;
  enrolledAt: Date;
  /** What the first-time sync read of the time before; null: it read nothing whole. */
  readScope: SyncScope | null;
  /** The day of the enrolment where the rep is. */
  enrolledOn: LocalDate;
}

const RECENT_MS = 24 * 3_600_000;

/**
 * Whether an unlinked Task of a rep must be here: the pull had to import it, or the first-time sync. What its scope
 * left out on purpose stays out. A row not changed since the enrolment is what the first-time sync saw.
 */
export function belongsHere(row: TaskRecord, rep: ReconciledRep, skewMs: number): boolean {
  const since = rep.enrolledAt.getTime() - RECENT_MS;
  if (Date.parse(row.LastModifiedDate) - skewMs > since) return true;
  switch (rep.readScope) {
    case null:
      return false;
    case 'recent':
      return Date.parse(row.CreatedDate) - skewMs > since;
    case 'due':
      return !row.IsClosed && (row.ActivityDate === null || row.ActivityDate >= rep.enrolledOn);
    case 'open':
      return !row.IsClosed;
    case 'all':
      return true;
  }
}
