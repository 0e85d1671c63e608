/*
 * Whether every task is the same on both sides, judged from the rows of both databases by rules of its own: this file
 * shares no code with the sync, so a fault there cannot hide itself here. Pure: rows in, differences out.
 *
 *   1  What of Salesforce must be here?   `mustBeHere`, from the product's rules
 *   2  Is exactly that here, once?        missing, extra, doubles; deletions in both directions
 *   3  Is what was made here there, once? unsent, vanished, doubles by key
 *   4  Does each pair say the same?       field by field
 */
import { fieldDifferences } from './compare-fields.js';
import type { Difference, HereTask, RepRow, Rows, ThereTask } from './compare-types.js';

export interface Comparison {
  /** Tasks in Salesforce that must be here. */
  there: number;
  /** Tasks here that are, or must be, in Salesforce. */
  here: number;
  differences: Difference[];
}

const LOGGED_SUBTYPES = ['Email', 'ListEmail', 'Cadence'];
/** Closed so soon after it was made, a task was logged and never worked on. */
const LOGGED_WITHIN_MS = 10_000;
const DAY_MS = 24 * 3_600_000;

export function compare(rows: Rows): Comparison {
  const reps = new Map(rows.reps.map((rep) => [rep.salesforceUserId, rep]));
  const before = new Map(rows.thereBefore.map((task) => [task.id, task]));
  const linked = groupBy(rows.here, (task) => task.salesforceId);
  const differences = [...doublesHere(linked), ...doublesThere(rows.there)];
  const madeHere = new Set(rows.here.filter((task) => !task.imported).map((task) => task.id));
  let expected = 0;
  for (const there of rows.there) {
    const mine = linked.get(there.id)?.find(isPresent) ?? linked.get(there.id)?.[0];
    const made = there.key !== null && madeHere.has(taskIdOf(there.key));
    const must = mustBeHere(there, before.get(there.id), reps, made);
    if (must) expected += 1;
    differences.push(...compareOne(there, mine, must, rows));
  }
  const here = rows.here.filter((task) => isPresent(task) && isSyncing(task, rows.reps));
  const byId = new Map(rows.there.map((task) => [task.id, task]));
  for (const task of here) differences.push(...missingThere(task, byId, before, rows.reps));
  return { there: expected, here: here.filter((task) => belongsThere(task, rows.reps)).length, differences };
}

/** Whether a Salesforce Task must be a task here, by the rules that a rep is told. */
function mustBeHere(
  now: ThereTask,
  before: ThereTask | undefined,
  reps: ReadonlyMap<string, RepRow>,
  madeHere: boolean,
): boolean {
  const rep = reps.get(now.ownerId);
  if (!rep || now.isDeleted) return false;
  if (madeHere) return true;
  if (now.isRecurrence || LOGGED_SUBTYPES.includes(now.taskSubtype ?? '')) return false;
  const owned = before && reps.get(before.ownerId);
  const wasRead = before && owned ? !before.isDeleted && isInScope(before, owned) : false;
  // Judged by what it was when it was first met: at the first-time sync, or at its change since.
  if (wasLogged(wasRead && before ? before : now)) return false;
  return wasRead || now.lastModifiedAt.getTime() > rep.enrolledAt.getTime() - DAY_MS;
}

function isInScope(task: ThereTask, rep: RepRow): boolean {
  if (rep.scope === 'all') return true;
  const since = rep.enrolledAt.getTime() - DAY_MS;
  return !task.isClosed || task.createdAt.getTime() >= since || task.lastModifiedAt.getTime() >= since;
}

function wasLogged(task: ThereTask): boolean {
  if (!task.isClosed || !task.completedAt) return false;
  return task.completedAt.getTime() - task.createdAt.getTime() <= LOGGED_WITHIN_MS;
}

function compareOne(there: ThereTask, mine: HereTask | undefined, must: boolean, rows: Rows): Difference[] {
  const at = { salesforceId: there.id, taskId: mine?.id ?? null };
  const present = mine !== undefined && isPresent(mine);
  if (must && !present) return [{ ...at, field: 'task', here: absence(mine), there: `"${there.subject ?? ''}"` }];
  if (!must && present) {
    // A rep who does not sync may own it here; what they have does not move.
    if (!isSyncing(mine, rows.reps)) return [];
    return [
      { ...at, field: 'task', here: `"${mine.name}"`, there: there.isDeleted ? 'deleted' : 'not to be imported' },
    ];
  }
  return present && must ? fieldDifferences(mine, there, rows).map((difference) => ({ ...at, ...difference })) : [];
}

function missingThere(
  task: HereTask,
  byId: ReadonlyMap<string, ThereTask>,
  before: ReadonlyMap<string, ThereTask>,
  reps: readonly RepRow[],
): Difference[] {
  const at = { salesforceId: task.salesforceId, taskId: task.id, field: 'task', here: `"${task.name}"` };
  const there = task.salesforceId === null ? undefined : byId.get(task.salesforceId);
  if (there) {
    const key = there.key === null ? null : taskIdOf(there.key);
    const isForeign = !task.imported && !before.has(there.id) && key !== task.id;
    return isForeign ? [{ ...at, field: 'key', there: there.key ?? 'none' }] : [];
  }
  if (task.salesforceId !== null) return [{ ...at, there: 'no such record' }];
  if (belongsThere(task, reps)) return [{ ...at, there: 'never created' }];
  return [];
}

/** Tasks that a rep had before the sync was turned on stay here; all others go, or came from there. */
function belongsThere(task: HereTask, reps: readonly RepRow[]): boolean {
  if (task.salesforceId !== null) return true;
  const rep = reps.find((row) => row.userId === task.assigneeId);
  return rep !== undefined && task.createdAt >= rep.enrolledAt;
}

function doublesHere(linked: ReadonlyMap<string, HereTask[]>): Difference[] {
  return [...linked].flatMap(([salesforceId, tasks]) => {
    const present = tasks.filter(isPresent);
    if (present.length < 2) return [];
    const here = present.map((task) => task.id).join(', ');
    return [{ salesforceId, taskId: present[0]?.id ?? null, field: 'double', here, there: 'one record' }];
  });
}

function doublesThere(there: readonly ThereTask[]): Difference[] {
  const present = there.filter((task) => task.key !== null && !task.isDeleted);
  return [...groupBy(present, (task) => taskIdOf(task.key ?? ''))].flatMap(([taskId, tasks]) => {
    if (tasks.length < 2) return [];
    const ids = tasks.map((task) => task.id).join(', ');
    return [{ salesforceId: tasks[0]?.id ?? null, taskId, field: 'double', here: 'one task', there: ids }];
  });
}

const isPresent = (task: HereTask): boolean => !task.isDeleted && !task.isAway;

const isSyncing = (task: HereTask, reps: readonly RepRow[]): boolean =>
  reps.some((rep) => rep.userId === task.assigneeId);

function absence(task: HereTask | undefined): string {
  if (!task) return 'missing';
  return task.isDeleted ? 'deleted' : 'away';
}

/** A key is the task's id, a dot, and a number. */
const taskIdOf = (key: string): string => key.toLowerCase().split('.')[0] ?? '';

function groupBy<T>(values: readonly T[], key: (value: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const name = key(value);
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return groups;
}
