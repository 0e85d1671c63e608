import type { RowError } from '../errors.js';
import { rowError } from '../errors.js';
import type { Strike } from '../faults.js';
import { to18 } from '../ids.js';
import type { Row } from '../objects/field.js';
import type { Values } from './values.js';

const LOCKED = 'unable to obtain exclusive access to this record or 1 records';

/** Applies the faults that refuse single records of a write. */
export class RowFaults {
  constructor(private readonly strikes: Strike[]) {}

  refusal(index: number, id: string | undefined, row: Row, sent?: Values): RowError | undefined {
    for (const { effect, refused } of this.strikes) {
      const fault = effect.rows;
      if (!fault) continue;
      const name = textOf(row['subject'] ?? row['name']);
      const isMeant =
        (fault.ids !== undefined && id !== undefined && fault.ids.some((i) => to18(i) === id)) ||
        (fault.every !== undefined && (index + 1) % fault.every === 0) ||
        (fault.containing !== undefined && name.includes(fault.containing)) ||
        (fault.setting !== undefined && sent?.has(fault.setting) === true);
      if (!isMeant) continue;
      const key = id ?? name;
      const times = refused.get(key) ?? 0;
      if (fault.timesEach !== undefined && times >= fault.timesEach) continue;
      refused.set(key, times + 1);
      const code = fault.statusCode ?? 'UNABLE_TO_LOCK_ROW';
      const message = fault.message ?? (code === 'UNABLE_TO_LOCK_ROW' && id ? `${LOCKED}: ${id}` : LOCKED);
      return rowError(code, message, fault.setting === undefined ? [] : [fault.setting]);
    }
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
