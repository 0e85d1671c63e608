import { simpleParser } from 'mailparser';

/** What a list shows of a message, and what tells it from others. */
export interface Summary {
  from: string;
  subject: string;
  /** With its angle brackets; empty where there is none. */
  messageId: string;
}

const LONGEST_ID = 500;
const LONGEST_HEAD = 256 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Reads the headers alone: what follows may be large, and is decoded when somebody opens the message. */
export async function summaryOf(raw: Buffer): Promise<Summary> {
  const end = raw.indexOf(END_OF_HEAD);
  const head = raw.subarray(0, Math.min(end === -1 ? raw.length : end + END_OF_HEAD.length, LONGEST_HEAD));
  const { from, subject, messageId } = await simpleParser(head, { skipHtmlToText: true, skipTextToHtml: true });
  return {
    from: withoutNull(from?.text ?? ''),
    subject: withoutNull(subject ?? ''),
    messageId: withoutNull(messageId ?? '').slice(0, LONGEST_ID),
  };
}

// Postgres keeps no NUL in a text.
const withoutNull = (text: string): string => text.replaceAll('\u0000', '');
