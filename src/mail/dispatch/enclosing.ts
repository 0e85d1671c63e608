import type { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { oneLine } from './mail-address.js';
import { type Composed, type Envelope, type Letter, partsOf } from './message.js';

export interface EnclosedFile {
  name: string;
  mediaType: string;
  /** In bytes. */
  size: number;
  /** Its bytes, from the beginning. */
  open: () => Readable;
}

/** A message that is put together while the server takes it: its files are never whole in memory. */
export interface StreamedMessage {
  ok: true;
  open(): Readable;
  envelope: Envelope & {
    /** Of the whole message, in bytes, about: a server that takes none so large says so before it has come (RFC 1870). */
    size: number;
  };
}

/** An email with the files that it encloses. */
export function composeWithFiles(
  letter: Letter,
  files: readonly EnclosedFile[],
): StreamedMessage | Extract<Composed, { ok: false }> {
  const made = partsOf(letter);
  if (!made.ok) return made;
  const { parts, envelope } = made;
  return {
    ok: true,
    envelope: { ...envelope, size: sizeOf(letter, files) },
    open: () => new MailComposer({ ...parts, attachments: files.map(attachmentOf) }).compile().createReadStream(),
  };
}

function attachmentOf({ name, mediaType, open }: EnclosedFile) {
  const contentDisposition = 'attachment' as const;
  // nodemailer passes message/* on as it is: long lines and 8-bit bytes, which a server may change or refuse.
  const contentType = /^message\//i.test(mediaType) ? 'application/octet-stream' : mediaType;
  return { filename: oneLine(name), contentType, contentDisposition, content: open() };
}

// Base64 makes four characters of three bytes, in lines of 76 and their ends (RFC 2045, 6.8).
const ENCODED = (4 / 3) * (78 / 76);
const HEADERS_BYTES = 4_000;

function sizeOf({ html, text }: Letter, files: readonly EnclosedFile[]): number {
  const written = Buffer.byteLength(html) + Buffer.byteLength(text);
  return Math.ceil(HEADERS_BYTES + 1.1 * written + ENCODED * files.reduce((sum, { size }) => sum + size, 0));
}
