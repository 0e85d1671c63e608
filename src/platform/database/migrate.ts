import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const LOCK = 7_231_905_113;

/**
 * Applies the missing migrations; several processes may try at once. The lock is polled, not waited for: a waiting
 * pg_advisory_lock() holds a snapshot, and CREATE INDEX CONCURRENTLY in the other process would wait for that one.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    for (;;) {
      const [row] = (await runner.query('SELECT pg_try_advisory_lock($1) AS locked', [LOCK])) as { locked: boolean }[];
      if (row?.locked) break;
      await delay(200);
    }
    await dataSource.runMigrations();
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    await runner.release();
  }
}
