import type pg from 'pg';
import type { Call } from '../call.js';
import { inTransaction, sqlState } from '../database.js';
import { rowError } from '../errors.js';
import { refused } from './save.js';
import type { SaveResult } from './save.js';

/** How long a writer waits for a row that another holds, as in Salesforce. */
const LOCK_TIMEOUT_MS = 10_000;

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';
const UNIQUE_VIOLATION = '23505';

class RolledBack extends Error {
  constructor(readonly results: SaveResult[]) {
    super('rolled back');
  }
}

/**
 * Runs a write in a transaction. With `allOrNone` one refused record undoes the others, which then say so. `commitLateMs`
 * of a fault keeps the transaction open after the work, so that its stamps are older than its commit.
 */
export async function write(
  call: Call,
  count: number,
  allOrNone: boolean,
  work: (tx: pg.PoolClient) => Promise<SaveResult[]>,
): Promise<SaveResult[]> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await attempt(call, allOrNone, work);
    } catch (error) {
      if (error instanceof RolledBack) return error.results;
      const state = sqlState(error);
      // Two writers took the same unique value at once: a second look sees who was first.
      if (state === UNIQUE_VIOLATION && isFirst) continue;
      if (state !== LOCK_NOT_AVAILABLE && state !== DEADLOCK) throw error;
      const locked = rowError('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record or 1 records');
      return Array.from({ length: count }, () => refused(locked));
    }
  }
}

function attempt(
  call: Call,
  allOrNone: boolean,
  work: (tx: pg.PoolClient) => Promise<SaveResult[]>,
): Promise<SaveResult[]> {
  return inTransaction(call.db, async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const results = await work(tx);
    if (allOrNone && results.some((r) => !r.success)) throw new RolledBack(results.map(undone));
    await call.org.flows.run(results.filter((r) => r.success).length);
    const late = call.strikes.reduce((sum, s) => sum + (s.effect.commitLateMs ?? 0), 0);
    if (late > 0) await call.org.lateCommits.hold(late);
    return results;
  });
}

function undone(result: SaveResult): SaveResult {
  if (!result.success) return result;
  return refused(
    rowError(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    ),
    result.created ? undefined : result.id,
  );
}
