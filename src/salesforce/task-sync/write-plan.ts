import type { WriteRequest } from '../client/salesforce-client.js';
import type { DueLink } from './links.repository.js';
import { KEY_FIELD } from './org-schema.js';
import type { SalesforceFields } from './task-fields.js';
import type { PreparedWrite } from './task-merger.js';

/** Records in one collection, and collections in one Composite call (Salesforce's limits). */
const COLLECTION = 200;
const COLLECTIONS = 5;
const ORDER = { create: 0, update: 1, delete: 2, restore: 3 } as const;

/**
 * Cuts writes into calls of at most `batchSize` records and five collections. Sorted by operation, then by parent
 * record, so that rows that lock one parent are written one after the other and not side by side.
 */
export function planCalls(writes: readonly PreparedWrite[], batchSize: number): PreparedWrite[][] {
  const sorted = [...writes].sort(
    (a, b) => ORDER[a.write.op] - ORDER[b.write.op] || compare(parentOf(a), parentOf(b)) || compare(a.taskId, b.taskId),
  );
  const calls: PreparedWrite[][] = [];
  let call: PreparedWrite[] = [];
  const used = { create: 0, update: 0, delete: 0, restore: 0 };
  for (const write of sorted) {
    const { op } = write.write;
    const collections = Object.entries(used).reduce(
      (sum, [name, count]) => sum + Math.ceil((count + (name === op ? 1 : 0)) / COLLECTION),
      0,
    );
    if (call.length >= batchSize || collections > COLLECTIONS) {
      calls.push(call);
      call = [];
      used.create = used.update = used.delete = used.restore = 0;
    }
    call.push(write);
    used[op] += 1;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}

/** Collections in a slice: two full calls of writes, and one call that reads their rows before. */
const SLICE_COLLECTIONS = 2 * COLLECTIONS;

/**
 * Which of the due links, longest waiting first, make one slice. A collection holds one kind of operation, so whole
 * collections are filled before any is begun: else three half-empty ones make a call of their own each time. The
 * operation that has waited longest always has a place.
 */
export function chooseSlice(due: readonly DueLink[]): string[] {
  const byOp = new Map<DueLink['op'], string[]>();
  for (const { taskId, op } of due) {
    const same = byOp.get(op) ?? [];
    same.push(taskId);
    byOp.set(op, same);
  }
  const waiting = [...byOp.values()].map((taskIds) => ({ taskIds, taken: 0 }));
  let free = SLICE_COLLECTIONS;
  const take = (from: { taskIds: string[]; taken: number }) => {
    from.taken = Math.min(from.taken + COLLECTION, from.taskIds.length);
    free -= 1;
  };
  if (waiting[0]) take(waiting[0]);
  for (const full of [true, false]) {
    for (const one of waiting) {
      while (free > 0 && one.taskIds.length - one.taken >= (full ? COLLECTION : 1)) take(one);
    }
  }
  return waiting.flatMap(({ taskIds, taken }) => taskIds.slice(0, taken));
}

/** The request that carries a write. */
export function requestOf({ write, salesforceId }: PreparedWrite): WriteRequest {
  switch (write.op) {
    case 'create':
      return {
        op: 'create',
        object: 'Task',
        fields: { ...recordOf(withoutNulls(write.fields)), [KEY_FIELD]: write.key },
      };
    case 'update':
      return { op: 'update', object: 'Task', id: salesforceId ?? '', fields: recordOf(write.fields) };
    case 'delete':
      return { op: 'delete', id: salesforceId ?? '' };
    case 'restore':
      throw new Error('A restore is no write of a record.');
  }
}

/** Salesforce's own fields for the canonical ones. */
export function recordOf(fields: Partial<SalesforceFields>): Record<string, unknown> {
  return 'ReminderDateTime' in fields ? { ...fields, IsReminderSet: fields.ReminderDateTime != null } : { ...fields };
}

function withoutNulls(fields: SalesforceFields): Partial<SalesforceFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function parentOf({ success }: PreparedWrite): string {
  const there = success.base?.there;
  return `${there?.WhatId ?? ''} ${there?.WhoId ?? ''}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export const MAX_BATCH = COLLECTION * COLLECTIONS;
const MIN_BATCH = 25;
const QUICK_MS = 5_000;

/** The next batch size: double while calls are quick, half after a time-out or a lock error. */
export function nextBatchSize(size: number, outcome: { tookMs: number; congested: 'congested' | 'free' }): number {
  if (outcome.congested === 'congested') return Math.max(MIN_BATCH, Math.floor(size / 2));
  return outcome.tookMs < QUICK_MS ? Math.min(MAX_BATCH, size * 2) : size;
}
