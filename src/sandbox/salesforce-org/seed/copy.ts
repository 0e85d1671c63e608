import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type Cell = string | number | boolean | null | undefined;
export type SeedRow = Readonly<Record<string, Cell>>;

const CHUNK = 500;

/** Loads rows by COPY; they are made while they are sent, so that a million of them need no memory. */
export async function copyRows(
  client: pg.PoolClient,
  table: string,
  columns: string[],
  rows: Iterable<SeedRow>,
): Promise<void> {
  const target = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(chunks(columns, rows), { objectMode: false }), target);
}

function* chunks(columns: string[], rows: Iterable<SeedRow>): Generator<string> {
  let text = '';
  let count = 0;
  for (const row of rows) {
    text += `${columns.map((c) => encode(row[c])).join('\t')}\n`;
    count += 1;
    if (count % CHUNK === 0) {
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
}

function encode(cell: Cell): string {
  if (cell === null || cell === undefined) return '\\N';
  if (typeof cell !== 'string') return String(cell);
  return /[\\\t\n\r]/.test(cell)
    ? cell.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
    : cell;
}
