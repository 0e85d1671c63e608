import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { from } from 'pg-copy-streams';

/** One COPY of rows that are already in its text form. */
export async function copyIn(db: Client, target: string, lines: readonly string[]): Promise<void> {
  const stream = db.query(from(`COPY ${target} FROM STDIN`));
  const done = finished(stream);
  if (!stream.write(lines.join(''))) await once(stream, 'drain');
  stream.end();
  await done;
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A row in COPY's text form. */
export function copyLine(values: readonly (string | number | boolean | null)[]): string {
  let line = '';
  for (const value of values) {
    if (line !== '') line += '\t';
    if (value === null) line += '\\N';
    else if (typeof value === 'string') line += value.replace(SPECIAL, (character) => ESCAPED[character] ?? character);
    else line += String(value);
  }
  return `${line}\n`;
}
