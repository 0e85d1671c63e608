import type { RowError } from '../errors.js';
import { rowError } from '../errors.js';
import { to15 } from '../ids.js';
import type { ObjectType, Row } from '../objects/field.js';
import type { Org } from '../org.js';
import type { References } from './references.js';
import { isOfType } from './references.js';
import { applyTaskRules } from './task-rules.js';
import type { Values } from './values.js';
import { requiredMissing } from './values.js';

export interface RuleContext {
  org: Org;
  type: ObjectType;
  references: References;
  userId: string;
  stamp: Date;
}

/**
 * Completes a record before it is stored, or says why it cannot be. `row` holds the state to be stored, by column;
 * `before` the stored one, on an update.
 */
export function applyRules(
  row: Row,
  sent: Values,
  before: Row | undefined,
  context: RuleContext,
): RowError | undefined {
  const { type } = context;
  if (!before) fillDefaults(row, context);
  const missing = type.fields.filter((f) => !f.nillable && f.createable && row[f.column] == null);
  if (missing.length > 0) return requiredMissing(missing.map((f) => f.name));
  const refused = checkReferences(row, sent, before, context);
  if (refused) return refused;
  switch (type.name) {
    case 'Task':
      return applyTaskRules(row, sent, before, context);
    case 'Lead':
    case 'Contact':
    case 'User':
      row['name'] = [row['first_name'], row['last_name']].filter((part) => typeof part === 'string').join(' ');
      return undefined;
    default:
      return undefined;
  }
}

function fillDefaults(row: Row, { type, userId }: RuleContext): void {
  for (const field of type.fields) {
    if (!field.defaulted || row[field.column] != null) continue;
    if (field.type === 'boolean') row[field.column] = false;
    if (field.type === 'picklist') {
      row[field.column] = (field.picklist.find((p) => p.isDefault) ?? field.picklist[0])?.value ?? null;
    }
    if (field.name === 'OwnerId') row[field.column] = userId;
    if (field.name === 'TimeZoneSidKey') row[field.column] = 'UTC';
    // Completed from the parts by the rules below.
    if (field.name === 'Name') row[field.column] = '';
  }
  if (type.name === 'User') row['user_type'] = 'Standard';
}

function checkReferences(row: Row, sent: Values, before: Row | undefined, context: RuleContext): RowError | undefined {
  const { org, type, references } = context;
  for (const field of type.fields) {
    if (field.type !== 'reference' || !(sent.has(field.name) || (!before && field.name === 'OwnerId'))) continue;
    const id = row[field.column];
    if (typeof id !== 'string') continue;
    if (!isOfType(org, id, field.referenceTo)) {
      return rowError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${id}`, [field.name]);
    }
    const target = references.get(id);
    if (!target) {
      if (field.name === 'OwnerId' && id === context.userId) continue;
      return rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]);
    }
    const isNew = before?.[field.column] !== id;
    if (field.name === 'OwnerId' && isNew && !target.isActive) {
      return rowError(
        'INACTIVE_OWNER_OR_USER',
        `operation performed with inactive user [${to15(id)}] as owner of ${type.label.toLowerCase()}`,
      );
    }
    if (target.isConverted && isNew) {
      return rowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [field.name]);
    }
  }
  return undefined;
}
