import type { RowError } from '../errors.js';
import { rowError } from '../errors.js';
import type { ObjectType, Row } from '../objects/field.js';

/**
 * A rule of the org's admin: a record is refused while the text of a field, as it is to be stored, matches. An empty
 * field is '', so `^$` makes it required. As in Salesforce it is asked at every save, also when the field is not sent.
 */
export interface ValidationRule {
  name: string;
  object: string;
  field: string;
  /** A regular expression. */
  matches: string;
  message: string;
}

export class ValidationRules {
  private readonly rules = new Map<string, ValidationRule & { pattern: RegExp }>();

  set(rule: ValidationRule): void {
    // Fails here, not at the record that meets it.
    this.rules.set(rule.name, { ...rule, pattern: new RegExp(rule.matches) });
  }

  remove(name?: string): void {
    if (name === undefined) this.rules.clear();
    else this.rules.delete(name);
  }

  list(): ValidationRule[] {
    return [...this.rules.values()].map(({ pattern: _, ...rule }) => rule);
  }

  refusal(type: ObjectType, row: Row): RowError | undefined {
    for (const { object, field, pattern, message } of this.rules.values()) {
      if (object === type.name && pattern.test(textOf(type, row, field))) {
        return rowError('FIELD_CUSTOM_VALIDATION_EXCEPTION', message);
      }
    }
    return undefined;
  }
}

function textOf(type: ObjectType, row: Row, name: string): string {
  const field = type.byName.get(name.toLowerCase());
  if (!field) return '';
  const value = field.inCustomJson ? (row['custom'] as Row | undefined)?.[field.column] : row[field.column];
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
