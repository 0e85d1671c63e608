import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ProductError } from '../../../platform/errors/product-error.js';

const BYTES_MAX = 50 * 1024 * 1024;
export const ROWS_MAX = 100_000;
const COLUMNS_MAX = 200;
const RECORD_MAX = 100_000;

/** The lines of a CSV file as it comes in, never whole in memory. The first are the headers. */
export async function* csvLines(source: Readable, delimiter: string): AsyncGenerator<string[]> {
  const parser = parse({
    ...{ bom: true, delimiter, relax_column_count: true, skip_empty_lines: true },
    max_record_size: RECORD_MAX,
  });
  const limited = source.pipe(byteLimit());
  // `pipe` passes no errors on: a broken upload must end the reading too.
  for (const stream of [source, limited]) stream.once('error', (error) => parser.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded) parser.destroy(new ProductError('invalid_input', 'The upload broke off.'));
  });
  limited.pipe(parser);
  let count = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (count++ > ROWS_MAX) throw refusal(`has more than ${ROWS_MAX.toLocaleString('en')} rows`);
      if (cells.length > COLUMNS_MAX) throw refusal(`has more than ${COLUMNS_MAX} columns`);
      // NUL, which Postgres cannot keep.
      yield cells.map((cell) => cell.replaceAll('\0', ''));
    }
  } catch (error) {
    throw error instanceof CsvError ? refusal(`cannot be read: ${error.message}`) : error;
  } finally {
    source.unpipe(limited);
    source.resume();
  }
}

export function refusal(what: string): ProductError {
  return new ProductError('invalid_input', `The file ${what}.`, [{ field: 'file', message: what }]);
}

function byteLimit(): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > BYTES_MAX) done(new ProductError('payload_too_large', 'A file has at most 50 MB.'));
      else done(null, chunk);
    },
  });
}
