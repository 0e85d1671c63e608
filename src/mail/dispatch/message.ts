import MailComposer from 'nodemailer/lib/mail-composer';
import type { SendMailOptions as MailOptions } from 'nodemailer';
import { type Mailbox, oneLine, wireAddress } from './mail-address.js';

export interface Letter {
  from: Mailbox;
  to: Mailbox;
  cc: readonly Mailbox[];
  /** In no header: only the server is told. */
  bcc: readonly Mailbox[];
  subject: string;
  html: string;
  text: string;
  messageId: string;
  /** The conversation that it goes on with, oldest first; empty: it begins one. */
  references: readonly string[];
  date: Date;
  listUnsubscribeUrl: string | null;
  /** Where the server reports what it could not deliver. */
  returnPath: string;
}

export interface Envelope {
  from: string;
  /** The person first, then copies; nobody twice. */
  to: string[];
}

export type Composed =
  | { ok: true; raw: Buffer; envelope: Envelope; messageId: string }
  /** `words`: a sentence for a person. */
  | { ok: false; reason: 'bad_address' | 'bad_content'; words: string };

// A header line has at most 998 characters (RFC 5322, 2.1.1), and cannot be folded within an id.
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]{3,500}>$/;
const REFERENCES_KEPT = 20;

/** What nodemailer makes the message of, and whom the server is told. */
type Parts = { ok: true; parts: MailOptions; envelope: Envelope } | Extract<Composed, { ok: false }>;

/** An email as it goes to the server: 7-bit clean, lines folded, and no field breaks out of its header. */
export async function composeMessage(letter: Letter): Promise<Composed> {
  const made = partsOf(letter);
  if (!made.ok) return made;
  const raw = await new MailComposer(made.parts).compile().build();
  return { ok: true, raw, envelope: made.envelope, messageId: letter.messageId };
}

/** Pure: the same before it is put together. */
export function partsOf(letter: Letter): Parts {
  const { from, to, cc, bcc } = letter;
  const mailboxes = [from, to, ...cc, ...bcc, { name: '', address: letter.returnPath }];
  const refused = mailboxes.find(({ address }) => wireAddress(address) === undefined);
  if (refused) {
    const words = `“${oneLine(refused.address).slice(0, 320)}” is no address that mail servers take.`;
    return { ok: false, reason: 'bad_address', words };
  }
  const envelope = {
    from: onWire(letter.returnPath),
    to: [...new Set([to, ...cc, ...bcc].map(({ address }) => onWire(address)))],
  };
  const references = threadOf(letter);
  const parts: MailOptions = {
    from: mailbox(from),
    to: mailbox(to),
    ...(cc.length === 0 ? {} : { cc: cc.map(mailbox) }),
    subject: oneLine(letter.subject),
    text: body(letter.text),
    html: body(letter.html),
    messageId: letter.messageId,
    date: letter.date,
    ...(references.length === 0 ? {} : { inReplyTo: references.at(-1) }),
    // Ours too: a server that gives the message another id (Amazon SES) leaves this, and replies carry it on.
    references: [...references, letter.messageId],
    headers: unsubscribeHeaders(letter.listUnsubscribeUrl),
    encoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return { ok: true, parts, envelope };
}

/** An address of its own for each attempt (VERP): whatever comes there is about that one. */
export function returnPathOf(attemptId: string, domain: string): string {
  return `bounce+${hexOf(attemptId)}@${domain}`;
}

/** The first and the newest ids: the first is the conversation's, and the header must not grow for ever. */
function threadOf({ references, messageId }: Letter): string[] {
  const ids = [...new Set(references)].filter((id) => MESSAGE_ID.test(id) && id !== messageId);
  return ids.length <= REFERENCES_KEPT ? ids : [...ids.slice(0, 1), ...ids.slice(1 - REFERENCES_KEPT)];
}

/** RFC 8058: receivers offer their own button, and press it without asking the person further. */
function unsubscribeHeaders(url: string | null): { key: string; value: { prepared: boolean; value: string } }[] {
  if (url === null) return [];
  return Object.entries({
    'List-Unsubscribe': `<${new URL(url).href}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }).map(([key, value]) => ({ key, value: { prepared: true, value } }));
}

function mailbox({ name, address }: Mailbox): Mailbox {
  return { name: oneLine(name), address: onWire(address) };
}

function onWire(address: string): string {
  const wire = wireAddress(address);
  if (wire === undefined) throw new Error(`${JSON.stringify(address)} is no address.`);
  return wire;
}

/** NUL is forbidden in messages, and a lone CR or LF is read differently by each server (SMTP smuggling). */
function body(text: string): string {
  return text
    .replaceAll('\0', '')
    .replace(/\r\n?|\n/g, '\r\n')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

function hexOf(attemptId: string): string {
  return attemptId.replaceAll('-', '');
}
