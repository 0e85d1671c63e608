import { renderEmail } from '../content/dynamic-fields.js';
import type { Attachment } from '../files/attachments.js';
import type { PersonFacts, Suppression } from '../people/people-facts.js';
import type { FailureReason } from './failure-reasons.js';

export interface Unsendable {
  reason: FailureReason;
  detail: string | null;
}

/** What is to be sent to somebody. */
export interface Letter {
  subject: string;
  body: string;
  /** Not so: it goes to those who unsubscribed, too. */
  commercial: boolean;
  attachments: readonly Attachment[];
}

export interface LetterSender {
  name: string;
  email: string;
  signature: string | null;
}

export interface RenderedLetter {
  subject: string;
  html: string;
  text: string;
}

export type Foretold = { ok: true; letter: RenderedLetter } | ({ ok: false } & Unsendable);

/** Pure: why nothing is sent to this person; undefined: it can be. Asked when it is scheduled and when it leaves. */
export function whyNot(person: PersonFacts | undefined, commercial: boolean): Unsendable | undefined {
  if (!person) return { reason: 'person_deleted', detail: null };
  if (person.email === null) return { reason: 'no_address', detail: null };
  if (person.blockedDomain !== null) return { reason: 'blocked_domain', detail: person.blockedDomain };
  if (commercial && person.unsubscribedAt !== null) return { reason: 'unsubscribed', detail: null };
  return undefined;
}

/** Pure: the same of those in copy, who have the same say; `suppressed`: what is known of their addresses. */
export function whyNotCopies(
  { cc, bcc, commercial }: { cc: readonly string[]; bcc: readonly string[]; commercial: boolean },
  suppressed: ReadonlyMap<string, Suppression>,
): Unsendable | undefined {
  for (const address of [...cc, ...bcc]) {
    const known = suppressed.get(address);
    if (known?.blockedDomain) return { reason: 'blocked_domain', detail: known.blockedDomain };
    if (commercial && known?.unsubscribed) return { reason: 'unsubscribed', detail: address };
  }
  return undefined;
}

/** The links of an email, which are each recipient's own. */
export interface LetterLinks {
  unsubscribeUrl: string;
  contentUrl(fileId: string): string;
}

/** Stand for those that each recipient gets when the email leaves. */
const SAMPLE_LINKS: LetterLinks = {
  unsubscribeUrl: 'https://unsubscribe.invalid/',
  contentUrl: (fileId) => `https://content.invalid/${fileId}`,
};

/** Pure: the letter as this person gets it, or why they do not. */
export function letterFor(
  letter: Letter,
  person: PersonFacts | undefined,
  sender: LetterSender,
  links: LetterLinks = SAMPLE_LINKS,
): Foretold {
  const refused = whyNot(person, letter.commercial);
  if (refused || !person) return { ok: false, ...(refused ?? { reason: 'person_deleted', detail: null }) };
  const { name, firstName: first_name, lastName: last_name, email, title, company, phone, custom } = person;
  const tracked = letter.attachments.filter((one) => one.tracked);
  const rendered = renderEmail(
    letter,
    {
      person: { name, first_name, last_name, email, title, company, phone, custom },
      sender: { name: sender.name, email: sender.email },
    },
    {
      signatureHtml: sender.signature,
      trackedContent: tracked.map(({ fileId, name }) => ({ name, url: links.contentUrl(fileId) })),
      unsubscribe: { url: links.unsubscribeUrl, mode: letter.commercial ? 'append' : 'only_where_placed' },
    },
  );
  if (rendered.ok) return { ok: true, letter: rendered };
  if (rendered.code === 'missing_field') return { ok: false, reason: 'missing_field', detail: rendered.field ?? null };
  return { ok: false, reason: 'bad_content', detail: rendered.detail };
}
