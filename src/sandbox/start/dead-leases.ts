import pg from 'pg';

/**
 * Gives back what workers of a killed start held: elsewhere somebody waits until a lease runs out, since its holder may
 * still live; here all of them have ended (the folder's lock is ours, and we waited for its processes), so the sync goes
 * on at once.
 */
export async function giveBackDeadLeases(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ exists: boolean }>(`SELECT to_regclass('lanes') IS NOT NULL AS exists`);
    if (!rows[0]?.exists) return;
    await client.query(
      `UPDATE lanes SET lease_until = NULL, holder = NULL, retry_at = NULL
       WHERE lease_until IS NOT NULL OR retry_at IS NOT NULL`,
    );
  } finally {
    await client.end();
  }
}
