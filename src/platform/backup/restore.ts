import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams';
import { StartError } from '../errors/start-error.js';
import { type BackupEnd, type BackupHeader, FORMAT } from './backup.js';
import { type Frame, framesOf } from './frames.js';
import { type BackedUpTable, migrationsOf, quoted, tablesOf } from './schema.js';

/**
 * Puts a backup into a migrated, empty database: all of it or nothing, in one transaction. `after` are statements that
 * rooms want run on what was restored, in the same transaction.
 */
export async function restore(databaseUrl: string, source: Readable, after: readonly string[]): Promise<BackupEnd> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'command-center restore' });
  await client.connect();
  const plain = new PassThrough();
  const unpacked = pipeline(source, createGunzip(), plain);
  // Seen by who reads it.
  unpacked.catch(() => undefined);
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'`);
    const end = await readAll(client, framesOf(plain));
    for (const statement of after) await client.query(statement);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return end;
  } finally {
    plain.destroy();
    await client.end();
  }
}

async function readAll(client: pg.Client, frames: AsyncGenerator<Frame>): Promise<BackupEnd> {
  const first = await frames.next();
  if (first.done || first.value.kind !== 'H') throw new StartError('This is no backup of Command Center.');
  await requireFit(client, json<BackupHeader>(first.value));
  const rows: Record<string, number> = {};
  let open: { name: string; copy: Writable & CopyStreamQuery; ended: Promise<void> } | undefined;
  const close = async (): Promise<void> => {
    if (!open) return;
    open.copy.end();
    await open.ended;
    rows[open.name] = open.copy.rowCount;
    open = undefined;
  };
  for await (const frame of frames) {
    if (frame.kind === 'D') {
      if (!open) throw new StartError('The backup is damaged: rows without a table.');
      if (!open.copy.write(frame.content)) await Promise.race([once(open.copy, 'drain'), open.ended]);
      continue;
    }
    await close();
    if (frame.kind === 'T') {
      const { name, columns } = json<BackedUpTable>(frame);
      const sql = `COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) FROM STDIN`;
      const copy = client.query(copyFrom(sql));
      const ended = finished(copy);
      // A refusal of the database may come before anybody waits for it.
      ended.catch(() => undefined);
      open = { name, copy, ended };
    } else if (frame.kind === 'E') {
      const end = json<BackupEnd>(frame);
      for (const [name, count] of Object.entries(end.rows)) {
        if (rows[name] !== count)
          throw new StartError(`The backup is damaged: ${name} has ${rows[name]} of ${count} rows.`);
      }
      for (const { name, last } of end.sequences) await client.query('SELECT setval($1, $2)', [quoted(name), last]);
      return end;
    }
  }
  throw new StartError('The backup ends in the middle: nothing was restored.');
}

async function requireFit(client: pg.Client, { format, migrations }: BackupHeader): Promise<void> {
  if (format !== FORMAT) throw new StartError(`The backup has the format ${format}, which this version does not read.`);
  const present = await migrationsOf(client);
  const [last, lastPresent] = [migrations.at(-1), present.at(-1)];
  if (migrations.join() !== present.join()) {
    throw new StartError(
      `The backup is of the schema ${last}, this version makes ${lastPresent}: restore it with the version that made it, then upgrade.`,
    );
  }
  for (const { name } of await tablesOf(client)) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${quoted(name)} LIMIT 1`);
    if (rowCount) throw new StartError(`The database is not empty (${name} has rows): restore into a new one.`);
  }
}

function json<T>({ content }: Frame): T {
  return JSON.parse(content.toString('utf8')) as T;
}
