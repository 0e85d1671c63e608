import { domainToASCII } from 'node:url';
import MailComposer from 'nodemailer/lib/mail-composer';

export interface Mailbox {
  name: string;
  address: string;
}

/** One email to one person, ready to be put into the words of the protocol. */
export interface Letter {
  from: Mailbox;
  to: Mailbox;
  cc: readonly string[];
  bcc: readonly string[];
  subject: string;
  html: string;
  text: string;
  /** Without angle brackets, as are `references`. */
  messageId: string;
  /** The Message-IDs of its thread, oldest first; the last one is answered (RFC 5322, 3.6.4). */
  references: readonly string[];
  date: Date;
  /** Commercial mail: one click there unsubscribes (RFC 8058). */
  unsubscribeUrl: string | null;
  /** Where bounces go; null: to the sender's own address. */
  returnPath: string | null;
}

export interface Message {
  envelope: { from: string; to: string[] };
  /** Whole, with its headers. */
  bytes: Buffer;
}

/** Pure but for the boundaries, which are random: the message as it travels, blind copies in the envelope alone. */
export async function composeMessage(letter: Letter): Promise<Message> {
  const { subject, html, text, references, date, unsubscribeUrl } = letter;
  const [from, to] = [mailboxOf(letter.from), mailboxOf(letter.to)];
  const cc = letter.cc.map(asciiAddress);
  const node = new MailComposer({
    ...{ from, to, cc, date, html, text },
    subject: oneLine(subject),
    messageId: `<${letter.messageId}>`,
    ...(references.length > 0
      ? { inReplyTo: `<${references.at(-1)}>`, references: references.map((id) => `<${id}>`) }
      : {}),
    ...(unsubscribeUrl === null ? {} : { headers: unsubscribing(unsubscribeUrl) }),
    // Nothing in a letter may read a file or a URL here.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }).compile();
  const envelope = {
    from: letter.returnPath ?? from.address,
    to: [to.address, ...cc, ...letter.bcc.map(asciiAddress)],
  };
  return { envelope, bytes: await node.build() };
}

/** Bounces come back to an address that names the attempt (VERP), where the channel has a domain for it. */
export function returnPathOf(attemptId: string, domain: string | null): string | null {
  return domain === null ? null : `bounce+${attemptId.replaceAll('-', '')}@${domain}`;
}

/** As every mail server takes it: the domain in ASCII (RFC 5891). */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${address.slice(0, at)}@${domainToASCII(domain) || domain}`;
}

function unsubscribing(url: string): Record<string, { prepared: true; foldLines: false; value: string } | string> {
  return {
    // As it is: an encoded or folded address is none to many mail programs.
    'List-Unsubscribe': { prepared: true, foldLines: false, value: `<${url}>` },
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

function mailboxOf({ name, address }: Mailbox): Mailbox {
  return { name: oneLine(name), address: asciiAddress(address) };
}

/** Whatever would begin a header of its own is a space. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
