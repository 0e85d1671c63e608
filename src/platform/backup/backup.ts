import { once } from 'node:events';
import { type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { frame } from './frames.js';
import { migrationsOf, quoted, sequencesOf, tablesOf } from './schema.js';

export const FORMAT = 'command-center-backup-1';

export interface BackupHeader {
  format: string;
  takenAt: string;
  /** The schema that the rows fit into. */
  migrations: string[];
}

export interface BackupEnd {
  rows: Record<string, number>;
  sequences: { name: string; last: string }[];
}

/**
 * Writes the whole database as of one moment: everything is read in one snapshot, while others go on working. Streams:
 * the memory that it takes does not depend on the size.
 */
export async function backUp(databaseUrl: string, target: Writable): Promise<BackupEnd> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'command-center backup' });
  await client.connect();
  const gzip = createGzip();
  gzip.pipe(target);
  // A target that breaks must not leave us waiting for it to drain.
  target.once('error', (error) => gzip.destroy(error));
  const written = finished(target);
  written.catch(() => undefined);
  try {
    const end = await writeAll(client, async (content) => {
      if (!gzip.write(content)) await once(gzip, 'drain');
    });
    gzip.end();
    await written;
    return end;
  } finally {
    await client.end();
  }
}

async function writeAll(client: pg.Client, write: (content: Buffer) => Promise<void>): Promise<BackupEnd> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // Times as text must not depend on the server's settings.
  await client.query(`SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'`);
  const migrations = await migrationsOf(client);
  const taken = await client.query<{ at: Date }>('SELECT now() AS at');
  const header: BackupHeader = { format: FORMAT, takenAt: taken.rows[0]?.at.toISOString() ?? '', migrations };
  await write(frame('H', header));
  const rows: Record<string, number> = {};
  for (const table of await tablesOf(client)) {
    await write(frame('T', table));
    const sql = `COPY ${quoted(table.name)} (${table.columns.map(quoted).join(', ')}) TO STDOUT`;
    const copy = client.query(copyTo(sql));
    for await (const chunk of copy) await write(frame('D', chunk as Buffer));
    rows[table.name] = copy.rowCount;
  }
  const end: BackupEnd = { rows, sequences: await sequencesOf(client) };
  await write(frame('E', end));
  await client.query('COMMIT');
  return end;
}
