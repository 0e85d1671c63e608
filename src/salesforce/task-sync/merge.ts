import type { TaskValues } from '../../command-center/tasks/task-values.js';
import { changedHere, fromThere, hereOf, type Mapping, statusHere, toThere } from './mapping.js';
import {
  type ExactValues,
  type LinkBase,
  type SalesforceFields,
  type SentWrite,
  SYNCED_FIELDS,
  type SyncedField,
} from './task-fields.js';

/*
 * The three-way merge of one task, field by field.
 *
 *   here      there     base = the last state both agreed on, in Salesforce's canonical values
 *   same      same      nothing
 *   changed   same      write it there
 *   same      changed   take it here
 *   changed   changed   same meaning: agreed; else a conflict: the policy chooses, the loser is kept
 *
 * Invariants: after a merge `base.there` is what was read there, so the loser of a conflict is never a conflict
 * twice; a value equal to what we sent is our own; merging the same reading again changes nothing.
 */

/** Salesforce's present state of a task. */
export interface There {
  fields: SalesforceFields;
  isClosed: boolean;
  /** When somebody but us last changed it, in our clock's time; null when the last change was ours. */
  changedAt: Date | null;
}

export interface FieldConflict {
  field: SyncedField | 'deletion';
  base: string | null;
  here: string | null;
  there: string | null;
  winner: 'here' | 'there';
  hereChangedAt: Date | null;
  thereChangedAt: Date | null;
}

export interface Merged {
  /** The task here, afterwards. */
  here: TaskValues;
  /** What to write there, canonical; empty when nothing differs. */
  push: Partial<SalesforceFields>;
  /** To be stored at once. */
  base: LinkBase;
  /** To be stored when `push` has succeeded. */
  baseAfterPush: LinkBase;
  conflicts: FieldConflict[];
}

export interface MergeInput {
  base: LinkBase;
  here: TaskValues;
  there: There;
  mapping: Mapping;
  /** When a field was last changed here. */
  hereChangedAt: (field: SyncedField) => Date | null;
  /**
   * Fields whose value there is an older one of ours: a write whose answer was lost and that committed only now, over a
   * newer one. What is here is still meant.
   */
  late?: ReadonlySet<SyncedField>;
  /** Our time, ISO 8601. */
  at: string;
}

export function merge(input: MergeInput): Merged {
  const { base, there, mapping } = input;
  let here = input.here;
  const push: Partial<SalesforceFields> = {};
  const conflicts: FieldConflict[] = [];
  const agreed = { ...base.here };

  for (const field of SYNCED_FIELDS) {
    const isLate = input.late?.has(field) ?? false;
    const exact = exactOf(base, field, input.here);
    // What a person asked for as it is, was asked for over what a deletion here had overridden.
    const isAnswered = exact !== undefined && there.fields[field] === base.overridden?.[field];
    // If the last change there is somebody else's, it may also be theirs: then it is a conflict like any other.
    const movedThere =
      (there.fields[field] !== base.there[field] && !(isLate && there.changedAt === null) && !isAnswered) ||
      (field === 'OwnerId' && returns(input));
    const movedHere = isLate || exact !== undefined || changedHere(field, input.here, base, mapping);
    const take = () => {
      here = { ...here, ...fromThere(field, there.fields, there.isClosed, here, mapping, input.at) };
      agree(agreed, field, here);
    };
    if (!movedHere) {
      if (movedThere) take();
      continue;
    }
    const wanted = exact ? exact.there : toThere(field, input.here, mapping);
    if (
      wanted === undefined ||
      wanted === there.fields[field] ||
      (movedThere && !exact && sameMeaning(field, there, input.here))
    ) {
      agree(agreed, field, here);
      continue;
    }
    if (!movedThere) {
      push[field] = wanted;
      continue;
    }
    const conflict = decide(input, field, wanted);
    conflicts.push(conflict);
    if (conflict.winner === 'here') push[field] = wanted;
    else take();
  }
  return {
    here,
    push,
    base: withExact({ there: there.fields, here: agreed }, { ...base.exact, ...insisted(agreed, here, push) }, push),
    baseAfterPush: { there: { ...there.fields, ...push }, here: hereOf(here) },
    conflicts,
  };
}

/** The value that was asked for there as it is, unless ours was changed since. */
function exactOf(base: LinkBase, field: SyncedField, here: TaskValues): { there: string | null } | undefined {
  if (field !== 'Subject' && field !== 'Status' && field !== 'Priority') return undefined;
  const exact = base.exact?.[field];
  const present = { Subject: here.name, Status: here.status, Priority: here.priority }[field];
  return exact?.here === present ? exact : undefined;
}

/**
 * Writes of values that are here as they were agreed: an older one of ours came back over them. Nothing here says so
 * any more once what is there has become the base, so they are asked for until they are written.
 */
function insisted(agreed: LinkBase['here'], here: TaskValues, push: Partial<SalesforceFields>): ExactValues {
  const values: ExactValues = {};
  if (push.Subject !== undefined && agreed.name === here.name)
    values.Subject = { there: push.Subject, here: here.name };
  if (push.Status !== undefined && agreed.status === here.status) {
    values.Status = { there: push.Status, here: here.status };
  }
  if (push.Priority !== undefined && agreed.priority === here.priority) {
    values.Priority = { there: push.Priority, here: here.priority };
  }
  return values;
}

/** Exact values stay asked for until the write that carries them has succeeded. */
function withExact(base: LinkBase, exact: ExactValues | undefined, push: Partial<SalesforceFields>): LinkBase {
  const open = Object.entries(exact ?? {}).filter(([field, { there }]) => push[field as SyncedField] === there);
  return open.length > 0 ? { ...base, exact: Object.fromEntries(open) } : base;
}

/** It was away, and its owner there, the same as before, has begun to sync. */
function returns({ here, there, mapping }: MergeInput): boolean {
  const owner = there.fields.OwnerId;
  return here.awaySince !== null && owner !== null && mapping.enrolledUserOf(owner) !== undefined;
}

function agree(agreed: LinkBase['here'], field: SyncedField, here: TaskValues): void {
  if (field === 'Subject') agreed.name = here.name;
  if (field === 'Status') agreed.status = here.status;
  if (field === 'Priority') agreed.priority = here.priority;
}

/** Whether two different values say the same: any closed status there is "done" here, any open one "to do". */
function sameMeaning(field: SyncedField, there: There, here: TaskValues): boolean {
  return field === 'Status' && statusHere(there.isClosed, here.status) === here.status;
}

function decide(input: MergeInput, field: SyncedField, wanted: string | null): FieldConflict {
  const hereChangedAt = input.hereChangedAt(field);
  const thereChangedAt = input.there.changedAt;
  return {
    field,
    base: input.base.there[field],
    here: wanted,
    there: input.there.fields[field],
    winner: winnerOf(input.mapping.settings.conflictPolicy, hereChangedAt, thereChangedAt),
    hereChangedAt,
    thereChangedAt,
  };
}

/** Salesforce keeps whole seconds, so ours count in whole seconds too; a tie goes to Salesforce. */
export function winnerOf(
  policy: 'latest' | 'salesforce' | 'command_center',
  hereChangedAt: Date | null,
  thereChangedAt: Date | null,
): 'here' | 'there' {
  switch (policy) {
    case 'salesforce':
      return 'there';
    case 'command_center':
      return 'here';
    case 'latest': {
      if (!hereChangedAt) return 'there';
      if (!thereChangedAt) return 'here';
      return Math.floor(hereChangedAt.getTime() / 1000) > Math.floor(thereChangedAt.getTime() / 1000)
        ? 'here'
        : 'there';
    }
  }
}

/**
 * The base to merge with when a call's answer was lost: each field whose value there equals what we sent is our own
 * doing, so it counts as agreed.
 */
export function baseWithSent(base: LinkBase, sent: SentWrite | null, there: SalesforceFields): LinkBase {
  if (sent?.op !== 'update' && sent?.op !== 'create') return base;
  const own = SYNCED_FIELDS.filter((field) => field in sent.fields && sent.fields[field] === there[field]);
  if (own.length === 0) return base;
  const here = { ...base.here };
  if (own.includes('Subject')) here.name = sent.here.name;
  if (own.includes('Status')) here.status = sent.here.status;
  if (own.includes('Priority')) here.priority = sent.here.priority;
  return { ...base, there: { ...base.there, ...Object.fromEntries(own.map((field) => [field, there[field]])) }, here };
}

/** Edits here that a deletion there overrides: kept as conflicts, so that they can be brought back. */
export function editsLostToDeletion(input: MergeInput): FieldConflict[] {
  return SYNCED_FIELDS.filter((field) => changedHere(field, input.here, input.base, input.mapping)).map((field) => ({
    field,
    base: input.base.there[field],
    here: toThere(field, input.here, input.mapping) ?? null,
    there: null,
    winner: 'there',
    hereChangedAt: input.hereChangedAt(field),
    thereChangedAt: input.there.changedAt,
  }));
}

/** Edits there that a deletion here overrides, and that were not told before. */
export function editsThereLostToDeletion(base: LinkBase, there: There): FieldConflict[] {
  const known = (field: SyncedField) => [base.there[field], base.overridden?.[field]];
  return SYNCED_FIELDS.filter((field) => !known(field).includes(there.fields[field])).map((field) => ({
    field,
    base: base.there[field],
    here: null,
    there: there.fields[field],
    winner: 'here',
    hereChangedAt: null,
    thereChangedAt: there.changedAt,
  }));
}
