import type { RowError } from '../errors.js';
import { rowError } from '../errors.js';
import { PREFIX } from '../ids.js';
import type { Row } from '../objects/field.js';
import type { RuleContext } from './rules.js';
import type { Values } from './values.js';

/** What Salesforce derives on a Task, and what it refuses. */
export function applyTaskRules(
  row: Row,
  sent: Values,
  before: Row | undefined,
  context: RuleContext,
): RowError | undefined {
  const { type, stamp, references } = context;
  if (row['is_recurrence'] === true && sent.get('ActivityDate') != null) {
    return rowError(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: ActivityDate. A recurring series has no due date of its own.',
      ['ActivityDate'],
    );
  }
  const who = typeof row['who_id'] === 'string' ? row['who_id'] : null;
  const what = typeof row['what_id'] === 'string' ? row['what_id'] : null;
  if (who?.startsWith(PREFIX.Lead) && what !== null) {
    return rowError('FIELD_INTEGRITY_EXCEPTION', 'Related To ID: cannot be set when Name is a lead', ['WhatId']);
  }
  const status = type.byName.get('status')?.picklist.find((p) => p.value === row['status']);
  const isClosed = status?.isClosed ?? row['is_closed'] === true;
  const wasClosed = before?.['is_closed'] === true;
  row['is_closed'] = isClosed;
  if (isClosed && !wasClosed) row['completed_date_time'] = stamp;
  if (!isClosed) row['completed_date_time'] = null;
  const priority = type.byName.get('priority')?.picklist.find((p) => p.value === row['priority']);
  row['is_high_priority'] = priority?.isHighPriority ?? false;
  if (!before) row['task_subtype'] ??= 'Task';
  if (!before || sent.has('WhoId') || sent.has('WhatId')) {
    const from = (id: string | null): string | null => (id === null ? null : (references.get(id)?.accountId ?? null));
    // What decides; a contact gives its account only where nothing is related.
    row['account_id'] = from(what) ?? from(who);
  }
  return undefined;
}
