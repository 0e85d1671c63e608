import { ApiError } from '../errors.js';
import type { Org } from '../org.js';
import type { ValidationRule } from '../records/validation-rules.js';
import type { Data } from './input.js';
import { numberOf, textOf } from './input.js';

/** What an admin of the org lets it check and do by itself. Kept in memory: gone at a restart. */

export function setRule(org: Org, data: Data): ValidationRule {
  const object = textOf(data, 'object') ?? 'Task';
  const field = textOf(data, 'field') ?? '';
  const matches = textOf(data, 'matches');
  if (!org.catalogue.find(object)?.byName.has(field.toLowerCase()) || matches === undefined) {
    throw new ApiError(400, 'INVALID_CONTROL', 'a rule needs a field of the object, and what its text matches');
  }
  const name = textOf(data, 'name') ?? field;
  const rule = { name, object, field, matches, message: textOf(data, 'message') ?? `${field} is not allowed` };
  try {
    org.validationRules.set(rule);
  } catch {
    throw new ApiError(400, 'INVALID_CONTROL', `${matches} is no regular expression`);
  }
  return rule;
}

export function setFlows(org: Org, data: Data): { perRecordMs: number } {
  org.flows.perRecordMs = numberOf(data, 'perRecordMs') ?? org.flows.perRecordMs;
  return { perRecordMs: org.flows.perRecordMs };
}
