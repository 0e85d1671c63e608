// A backup is one gzip stream of frames: a letter, the length, the content.
//
//   H  what it is: format, time, migrations           once, first
//   T  a table and its columns                         then its rows
//   D  some of the table's rows, as COPY writes them   any number
//   E  the end: sequences, and how many rows were written; a file without it is half a file

export type FrameKind = 'H' | 'T' | 'D' | 'E';

export interface Frame {
  kind: FrameKind;
  content: Buffer;
}

const HEAD = 5;
/** Postgres sends rows in chunks of some 64 KiB; a longer frame is no frame of ours. */
const LONGEST = 1 << 30;

export function frame(kind: FrameKind, content: Buffer | object): Buffer {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const head = Buffer.alloc(HEAD);
  head.write(kind, 0, 'latin1');
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** The frames of a stream, one after the other. */
export async function* framesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD) {
      const length = rest.readUInt32BE(1);
      const kind = rest.toString('latin1', 0, 1);
      if (!'HTDE'.includes(kind) || length > LONGEST) throw new Error('This is no backup of Command Center.');
      if (rest.length < HEAD + length) break;
      yield { kind: kind as FrameKind, content: rest.subarray(HEAD, HEAD + length) };
      rest = rest.subarray(HEAD + length);
    }
  }
  if (rest.length > 0) throw new Error('The backup ends in the middle.');
}
