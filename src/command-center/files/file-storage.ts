import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/transactions.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';

/** A file alone, and all that an email encloses, have at most so many bytes. */
export const FILE_BYTES_MAX = 20 * 1024 * 1024;

const CHUNK_BYTES = 256 * 1024;

/** The bytes of files, written and read a chunk at a time: no file is ever whole in memory. */
@Injectable()
export class FileStorage {
  constructor(private readonly transactions: Transactions) {}

  /** Each chunk is there at once: a slow upload holds no transaction. Answers how many bytes they were. */
  async write(teamId: string, fileId: string, source: AsyncIterable<Buffer>): Promise<number> {
    let [position, size] = [0, 0];
    for await (const bytes of inChunks(source)) {
      size += bytes.length;
      await this.transactions.query(
        'INSERT INTO file_chunks (team_id, file_id, position, bytes) VALUES ($1, $2, $3, $4)',
        [teamId, fileId, position++, bytes],
      );
    }
    return size;
  }

  /** Throws when it does not find as many bytes as the file has: what is cut is not sent as if it were whole. */
  async *read(teamId: string, { id, size }: { id: string; size: number }): AsyncGenerator<Buffer> {
    let seen = 0;
    for (let position = 0; seen < size; position++) {
      const bytes = await chunk(this.transactions, teamId, id, position);
      if (!bytes) throw new Error(`The file ${id} has ${seen} of its ${size} bytes.`);
      seen += bytes.length;
      yield bytes;
    }
  }
}

async function chunk(reader: Reader, teamId: string, fileId: string, position: number): Promise<Buffer | undefined> {
  const [row] = await reader.query<{ bytes: Buffer }>(
    'SELECT bytes FROM file_chunks WHERE team_id = $1 AND file_id = $2 AND position = $3',
    [teamId, fileId, position],
  );
  return row?.bytes;
}

async function* inChunks(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let [parts, length, seen]: [Buffer[], number, number] = [[], 0, 0];
  for await (const part of source) {
    seen += part.length;
    if (seen > FILE_BYTES_MAX) throw new ProductError('payload_too_large', 'A file has at most 20 MB.');
    parts.push(part);
    length += part.length;
    if (length < CHUNK_BYTES) continue;
    yield Buffer.concat(parts);
    [parts, length] = [[], 0];
  }
  if (length > 0) yield Buffer.concat(parts);
}
