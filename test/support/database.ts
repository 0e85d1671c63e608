import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/platform/database/data-source-options.js';

export interface TestDatabase {
  url: string;
  dataSource: DataSource;
  drop(): Promise<void>;
}

const ADMIN_URL = String(process.env.TEST_POSTGRES_URL);
const TEMPLATE = 'template_migrated';
const LOCK = 4_711;

function urlOf(name: string): string {
  const url = new URL(ADMIN_URL);
  url.pathname = `/${name}`;
  return url.href;
}

/** A migrated database of this file's own, cloned from a template that the first caller makes. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${process.env.JEST_WORKER_ID ?? '0'}_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    await makeTemplate(admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
  });
  const url = urlOf(name);
  const dataSource = await new DataSource(dataSourceOptions(url, 10)).initialize();
  return {
    url,
    dataSource,
    async drop() {
      if (dataSource.isInitialized) await dataSource.destroy();
      const open = await dropAndCountConnections(name);
      if (open.length > 0) throw new Error(`Connections were left open: ${open.join(', ')}`);
    },
  };
}

/** An empty database, not migrated. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `empty_${process.env.JEST_WORKER_ID ?? '0'}_${randomBytes(6).toString('hex')}`;
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name}`));
  return {
    url: urlOf(name),
    drop: async () => {
      await asAdmin((admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

async function dropAndCountConnections(name: string): Promise<string[]> {
  return asAdmin(async (admin) => {
    // Not autovacuum, which comes after a test that removed many rows.
    const sql = `SELECT application_name, state FROM pg_stat_activity
                 WHERE datname = $1 AND backend_type = 'client backend'`;
    let rows: { application_name: string; state: string }[] = [];
    // A closed connection's server process takes a moment to go.
    for (let waited = 0; waited < 2000; waited += 20) {
      ({ rows } = await admin.query<{ application_name: string; state: string }>(sql, [name]));
      if (rows.length === 0) break;
      await delay(20);
    }
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    return rows.map((row) => `${row.application_name} (${row.state})`);
  });
}

async function makeTemplate(admin: pg.Client): Promise<void> {
  const exists = async () =>
    (await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE])).rowCount === 1;
  if (await exists()) return;
  for (;;) {
    const { rows } = await admin.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK]);
    if (rows[0]?.locked) break;
    await delay(50);
  }
  try {
    if (await exists()) return;
    const making = `making_${TEMPLATE}`;
    await admin.query(`DROP DATABASE IF EXISTS ${making}`);
    await admin.query(`CREATE DATABASE ${making}`);
    const dataSource = await new DataSource(dataSourceOptions(urlOf(making), 2)).initialize();
    await dataSource.runMigrations();
    await dataSource.destroy();
    await admin.query(`ALTER DATABASE ${making} RENAME TO ${TEMPLATE}`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: ADMIN_URL });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
