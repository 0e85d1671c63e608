import type { TaskValues } from '../../command-center/tasks/task-values.js';
import type { Link } from './links.repository.js';
import { fromThere, hereOf, type Mapping, toThere } from './mapping.js';
import {
  baseWithSent,
  editsLostToDeletion,
  editsThereLostToDeletion,
  type FieldConflict,
  merge,
  type MergeInput,
  type There,
} from './merge.js';
import { fieldsOf, keyOf, type TaskRecord } from './remote-task.js';
import {
  EXACT_FIELDS,
  type ExactValues,
  type LinkBase,
  type SalesforceFields,
  SYNCED_FIELDS,
  type SyncedField,
} from './task-fields.js';
import { createOf, isLate, lateFields } from './doubts.js';

/** A write that Salesforce has to take, and what it stands for here. */
export type Write =
  | { op: 'create'; key: string; fields: SalesforceFields; here: LinkBase['here'] }
  | { op: 'update'; fields: Partial<SalesforceFields>; here: LinkBase['here'] }
  | { op: 'delete' }
  | { op: 'restore' };

/** What is known of the task there: its record, that it is gone for good, or that it never was. */
export type Remote = TaskRecord | 'gone' | 'never';

export interface Decision {
  here: TaskValues;
  conflicts: FieldConflict[];
  write: Write | null;
  base: LinkBase | null;
  baseAfterWrite: LinkBase | null;
  deletedThere: boolean;
  archived: boolean;
  /** Why it cannot be written, in our own code. */
  refused?: 'NO_SALESFORCE_USER' | 'ACTIVITY_ARCHIVED';
}

export interface DecideInput {
  task: TaskValues;
  taskId: string;
  link: Link;
  remote: Remote;
  mapping: Mapping;
  hereChangedAt: (field: SyncedField) => Date | null;
  /** The integration user: changes by it are ours. */
  ownSalesforceUserId: string;
  /** Org's clock minus ours, milliseconds. */
  skewMs: number;
  /** Our time, ISO 8601. */
  at: string;
}

/** What has to happen to one task, here and there, given both its present states. */
export function decide(input: DecideInput): Decision {
  const { task, link, remote } = input;
  const unchanged = {
    here: task,
    conflicts: [],
    write: null,
    base: link.base,
    baseAfterWrite: link.base,
    deletedThere: link.deletedThere,
    archived: link.archived,
  };
  const goneHere = isGoneHere(task, input.mapping);

  if (remote === 'never') {
    if (goneHere) return unchanged;
    return create(input, unchanged);
  }
  const made = link.base ? undefined : createOf(link);
  const known = link.base ?? (made ? { there: made.fields, here: made.here } : null);
  if (remote === 'gone' || remote.IsDeleted) {
    // What our last call carried and is in the bin was there before the deletion: agreed on, and nobody's edit later.
    const agreed = remote === 'gone' || !known ? known : baseWithSent(known, link.sent, fieldsOf(remote));
    const gone = { ...unchanged, base: agreed, baseAfterWrite: agreed, deletedThere: true };
    if (goneHere) return gone;
    // Deleted by us, known or in doubt, and restored here since: the deletion is no news.
    if (link.deletedThere || link.sent?.op === 'delete' || isLate(link, 'delete', input.at)) {
      return { ...gone, write: { op: 'restore' } };
    }
    const lost = agreed ? editsLostToDeletion(mergeInput(input, agreed, lastStateOf(remote, agreed))) : [];
    return { ...gone, here: { ...task, deletedAt: input.at }, conflicts: lost };
  }

  const there = thereOf(remote, input);
  const base = baseWithSent(known ?? assumedBase(input, there), link.sent, there.fields);
  const alive = { ...unchanged, archived: remote.IsArchived === true, deletedThere: false };

  // Back there by our own undeletion, whose answer was lost, and deleted here since: not undeleted by anybody there.
  if (goneHere && (!link.deletedThere || link.sent?.op === 'restore' || isLate(link, 'restore', input.at))) {
    const agreed = withoutLate(input, base, there);
    const next = overriding(input, agreed, there);
    if (alive.archived) return { ...alive, base: next, baseAfterWrite: next };
    const conflicts = editsThereLostToDeletion(agreed, there);
    return { ...alive, conflicts, write: { op: 'delete' }, base: next, baseAfterWrite: next };
  }
  const present = goneHere ? broughtBack(input, there) : task;
  const late = lateFields(link, base.there, there.fields, input.at);
  const merged = merge({ ...mergeInput(input, base, there), here: present, late });
  const decision = { ...alive, here: merged.here, conflicts: merged.conflicts, base: merged.base };
  if (Object.keys(merged.push).length === 0) return { ...decision, baseAfterWrite: merged.base };
  if (alive.archived) return { ...decision, baseAfterWrite: merged.base, refused: 'ACTIVITY_ARCHIVED' };
  return {
    ...decision,
    baseAfterWrite: merged.baseAfterPush,
    write: { op: 'update', fields: merged.push, here: hereOf(merged.here) },
  };
}

/** Nothing is known of what both agreed on: what is there now, and what of ours says the same. */
function assumedBase(input: DecideInput, there: There): LinkBase {
  const { task, mapping } = input;
  const here = { ...hereOf(task) };
  const theirs = (field: SyncedField) =>
    toThere(field, task, mapping) === there.fields[field]
      ? {}
      : fromThere(field, there.fields, there.isClosed, task, mapping, input.at);
  here.name = theirs('Subject').name ?? here.name;
  here.status = theirs('Status').status ?? here.status;
  here.priority = theirs('Priority').priority ?? here.priority;
  return { there: there.fields, here };
}

/** Whether the task should not exist there. */
function isGoneHere(task: TaskValues, mapping: Mapping): boolean {
  return task.deletedAt !== null || (task.status === 'skipped' && mapping.settings.skippedAs === 'deleted');
}

/**
 * A deletion here over what is there now: noted, not agreed on. What was edited there stands again as soon as the task
 * is back, whoever restores it.
 */
function overriding({ task }: DecideInput, base: LinkBase, there: There): LinkBase {
  const { overridden: _before, ...agreed } = base;
  const isEdited = SYNCED_FIELDS.some((field) => there.fields[field] !== base.there[field]);
  const next: LinkBase = isEdited ? { ...agreed, overridden: there.fields } : agreed;
  // Gone because it is skipped: who reopens it edits the status, against the one there.
  const isSkipped = task.deletedAt === null && there.fields.Status !== base.there.Status;
  return isSkipped ? { ...next, here: { ...base.here, status: task.status } } : next;
}

/** Undeleted there: it comes back here too; what was gone because it is skipped, with the status that it has there. */
function broughtBack({ task, mapping, at }: DecideInput, there: There): TaskValues {
  const back = { ...task, deletedAt: null };
  if (!isGoneHere(back, mapping)) return back;
  const open: TaskValues = { ...back, status: 'open', closedAt: null };
  return { ...open, ...fromThere('Status', there.fields, there.isClosed, open, mapping, at) };
}

/** Older values of ours that have come back are nobody's edits: what is here is asked for again once the task is back. */
function withoutLate({ task, link, at }: DecideInput, base: LinkBase, there: There): LinkBase {
  if (there.changedAt !== null) return base;
  const next = { ...base, there: { ...base.there } };
  const exact = { ...base.exact };
  const present = hereOf(task);
  for (const field of lateFields(link, base.there, there.fields, at)) {
    next.there[field] = there.fields[field];
    const name = EXACT_FIELDS[field];
    // Edited since: that edit asks for itself.
    if (name && present[name] === base.here[name]) {
      exact[field as keyof ExactValues] = { there: base.there[field], here: present[name] };
    }
  }
  return Object.keys(exact).length > 0 ? { ...next, exact } : next;
}

function create(input: DecideInput, unchanged: Decision): Decision {
  const { task, link, mapping } = input;
  if (!mapping.salesforceUserOf(task.assigneeId)) return { ...unchanged, refused: 'NO_SALESFORCE_USER' };
  if (link.sent?.op === 'create') {
    // Tried before, and not to be seen: it may still be committing. The very same again, so that whichever of them
    // comes through, what it wrote is known; newer edits follow as an update.
    const { key, fields, here } = link.sent;
    return { ...unchanged, write: { op: 'create', key, fields, here }, baseAfterWrite: { there: fields, here } };
  }
  const fields = Object.fromEntries(
    SYNCED_FIELDS.map((field) => [field, toThere(field, task, mapping) ?? null]),
  ) as SalesforceFields;
  const here = hereOf(task);
  const key = keyOf(input.taskId, link.keyGeneration);
  return { ...unchanged, write: { op: 'create', key, fields, here }, baseAfterWrite: { there: fields, here } };
}

function mergeInput(input: DecideInput, base: LinkBase, there: There): MergeInput {
  const { mapping, hereChangedAt, at } = input;
  return { base, there, mapping, hereChangedAt, at, here: input.task };
}

function thereOf(record: TaskRecord, input: DecideInput): There {
  return {
    fields: fieldsOf(record),
    isClosed: record.IsClosed,
    changedAt:
      record.LastModifiedById === input.ownSalesforceUserId
        ? null
        : new Date(Date.parse(record.LastModifiedDate) - input.skewMs),
  };
}

function lastStateOf(remote: TaskRecord | 'gone', base: LinkBase): There {
  if (remote === 'gone') return { fields: base.there, isClosed: false, changedAt: null };
  return { fields: fieldsOf(remote), isClosed: remote.IsClosed, changedAt: new Date(remote.LastModifiedDate) };
}
