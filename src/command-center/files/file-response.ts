import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Attachment } from './attachments.js';

// What a browser shows without running anything of it. HTML and SVG are not among them.
const SHOWN = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Answers with a file, as it is read: to be kept, or, when it is of a kind that is safe there, shown by the browser. */
export async function answerWithFile(
  response: Response,
  file: Attachment,
  bytes: AsyncIterable<Buffer>,
  use: 'keep' | 'show',
): Promise<void> {
  response.attachment(file.name);
  const disposition = response.get('Content-Disposition') ?? 'attachment';
  const isShown = use === 'show' && SHOWN.has(file.mediaType);
  response.set({
    'Content-Disposition': isShown ? disposition.replace(/^attachment/, 'inline') : disposition,
    'Content-Type': use === 'show' ? file.mediaType : 'application/octet-stream',
    'Content-Length': String(file.size),
    'X-Content-Type-Options': 'nosniff',
    // Not for PDF: the viewers of browsers are frames of their own.
    ...(file.mediaType === 'application/pdf' ? {} : { 'Content-Security-Policy': "default-src 'none'; sandbox" }),
    'Cache-Control': 'private, no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex',
  });
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  // A chunk at a time: many slow readers must not fill the memory.
  await pipeline(Readable.from(bytes, { highWaterMark: 1 }), response);
}
