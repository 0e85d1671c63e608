import type { StoredTask } from '../../command-center/tasks/task-store.js';
import { changedFields, TASK_COLUMNS, type TaskValues } from '../../command-center/tasks/task-values.js';
import { duplicateOf } from '../client/classify.js';
import type { SalesforceError } from '../client/errors.js';
import type { WriteResult } from '../client/salesforce-client.js';
import type { NewAttempt } from '../diagnostics/attempts.repository.js';
import { KEY_FIELD } from './org-schema.js';
import { COLUMNS_HERE, SYNCED_FIELDS } from './task-fields.js';
import type { Pair, PreparedWrite } from './task-merger.js';

/** An internal failure of Salesforce is tried so often before it waits for a person. */
const UNKNOWN_TRIES = 5;

/** Trying again does not help by itself. `attempts`: how often it was tried before. */
export function isFinal(error: SalesforceError, attempts: number): boolean {
  const { kind, code } = error;
  if (lacksKeyField(error)) return false;
  if (code === 'UNKNOWN_EXCEPTION') return attempts + 1 >= UNKNOWN_TRIES;
  return kind === 'admin' || kind === 'user' || kind === 'gone';
}

/** The key field was removed or hidden: that is about no one record, and all creates wait until it is back. */
export function lacksKeyField({ code, message }: SalesforceError): boolean {
  return code === 'INVALID_FIELD' && message.includes(KEY_FIELD);
}

/** Our own create of before, if that is why this one was refused; another unique field's record is none of ours. */
export function ownDuplicateOf(error: SalesforceError): string | undefined {
  const isAboutKey = error.message.includes(KEY_FIELD) || error.fields.includes(KEY_FIELD);
  return isAboutKey ? duplicateOf(error) : undefined;
}

/** What the task's trace keeps of a write. */
export function attemptOf({ taskId, salesforceId, write, attempts }: PreparedWrite, result: WriteResult): NewAttempt {
  const carried = 'fields' in write ? Object.entries(write.fields) : [];
  const fields = carried.filter(([, value]) => write.op === 'update' || value !== null).map(([name]) => name);
  const attempt: NewAttempt = {
    taskId,
    operation: write.op,
    outcome: 'done',
    code: null,
    message: null,
    fields,
    salesforceId,
  };
  if (result.ok) return { ...attempt, salesforceId: salesforceId ?? result.id };
  const { error } = result;
  const existing = write.op === 'create' ? ownDuplicateOf(error) : undefined;
  if (existing) return { ...attempt, code: error.code, salesforceId: existing };
  const told = { ...attempt, code: error.code, message: error.message };
  if (write.op === 'delete' && error.kind === 'gone') return told;
  if (error.doubtful) return { ...told, outcome: 'unknown' };
  return { ...told, outcome: isFinal(error, attempts) ? 'refused' : 'failed' };
}

/** What the traces keep of a merge: the tasks that it changed here. */
export function mergesOf(
  changes: readonly { before: StoredTask; after: TaskValues }[],
  pairs: readonly Pair[],
): NewAttempt[] {
  const ids = new Map(pairs.map(({ taskId, salesforceId }) => [taskId, salesforceId]));
  return changes.map(({ before, after }) => {
    const columns = new Set(changedFields(before.values, after).map((field) => TASK_COLUMNS[field]));
    return {
      taskId: before.id,
      operation: 'merge',
      outcome: 'done',
      code: null,
      message: null,
      fields: SYNCED_FIELDS.filter((field) => COLUMNS_HERE[field].some((column) => columns.has(column))),
      salesforceId: ids.get(before.id) ?? null,
    };
  });
}
