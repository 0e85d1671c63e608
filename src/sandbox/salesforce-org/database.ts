import pg from 'pg';

/** A pool, or the client of a transaction that is open. */
export type Db = pg.Pool | pg.PoolClient;

const DATE = 1082;
const INT8 = 20;

// The pool's own parsers: a date stays the text it is (pg would make it midnight in this machine's zone), counts are numbers.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): unknown => {
    if (oid === DATE) return (text: string) => text;
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

export function openPool(databaseUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'salesforce-org',
    max: 20,
    types,
    // Plans are made for the values at hand; JIT costs more than it saves on pages of 2,000.
    options: '-c jit=off -c timezone=UTC',
  });
  // An idle connection that breaks (the server restarts) is replaced at the next query.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Runs `work` in a transaction of its own, or inside the open one behind a savepoint, so that what fails leaves
 * nothing behind in either case.
 */
export async function inTransaction<T>(db: Db, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  if (!(db instanceof pg.Pool)) return inSavepoint(db, work);
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((e: unknown) => {
      broken = e instanceof Error ? e : new Error(String(e));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function inSavepoint<T>(tx: pg.PoolClient, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  await tx.query('SAVEPOINT part');
  try {
    const result = await work(tx);
    await tx.query('RELEASE SAVEPOINT part');
    return result;
  } catch (error) {
    await tx.query('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part');
    throw error;
  }
}

export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
