import type { SyncWorld } from '../../support/sync-world.js';

export interface Run {
  id: string;
  status: string;
  done: number;
  counts: Record<string, number>;
  api_calls: number;
  error: string | null;
}

export async function reconcile(world: SyncWorld): Promise<Run> {
  const { id } = await world.call<Run>('POST', '/v1/salesforce/task-sync/reconcile');
  await world.quiesce();
  return runOf(world, id);
}

export function runOf(world: SyncWorld, id: string): Promise<Run> {
  return world.call<Run>('GET', `/v1/salesforce/task-sync/runs/${id}`);
}

/** What a run found, without what it did not. */
export function found(run: Run): Record<string, number> {
  return Object.fromEntries(
    Object.entries(run.counts).filter(([name, count]) => /^(found|repaired)_/.test(name) && count > 0),
  );
}

export function both(kind: string, count = 1): Record<string, number> {
  return { [`found_${kind}`]: count, [`repaired_${kind}`]: count };
}

/** All rows that the sync keeps of tasks, to see that nothing was written. */
export async function traces(world: SyncWorld): Promise<unknown> {
  const here: unknown = await world.database.dataSource.query(
    `SELECT t.id, t.version, l.xmin, l.ctid FROM tasks t LEFT JOIN task_links l ON l.task_id = t.id ORDER BY t.id`,
  );
  const there = await world.org.pool.query('SELECT id, xmin, ctid FROM sf_task ORDER BY id');
  return { here, there: there.rows };
}
