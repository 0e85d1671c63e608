import type { Call } from '../call.js';
import type { ObjectType, Row } from '../objects/field.js';
import { wholeSeconds } from '../time.js';
import type { Values } from './values.js';

/** The moment that a write is stamped with: now, unless a fault makes it look like one that committed late. */
export function writeStamp(call: Call): Date {
  const back = call.strikes.reduce((sum, s) => sum + (s.effect.stampBackMs ?? 0), 0);
  return wholeSeconds(new Date(call.org.now().getTime() - back));
}

/** Puts the sent values into a row: into its columns, or into its `custom` document. */
export function assign(row: Row, type: ObjectType, values: Values): void {
  const custom = { ...(row['custom'] as Record<string, unknown> | undefined) };
  for (const [name, value] of values) {
    const field = type.byName.get(name.toLowerCase());
    if (!field) continue;
    if (field.inCustomJson) custom[field.column] = value instanceof Date ? value.toISOString() : value;
    else row[field.column] = value;
  }
  row['custom'] = custom;
}
