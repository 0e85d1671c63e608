import type { Attachment } from '../../files/attachments.js';

/** An email that leaves now, as it was claimed: it is this attempt's, and nobody else sends it meanwhile. */
export interface OutgoingEmail {
  id: string;
  attemptId: string;
  /** Since it was scheduled, this one included. */
  attempts: number;
  dueAt: Date;
  from: { name: string; address: string };
  to: { name: string; address: string };
  cc: readonly string[];
  bcc: readonly string[];
  subject: string;
  html: string;
  text: string;
  /** Files that it encloses. */
  attachments: readonly Attachment[];
  messageId: string;
  /** The Message-IDs of its thread, oldest first. */
  references: readonly string[];
  /** For the header; null: it is not commercial. */
  unsubscribeUrl: string | null;
}

/** By which channel, and how its emails come by their links. */
export interface Leaving {
  teamId: string;
  channelId: string;
  /** Domains of recipients that nothing may go to now. */
  fullDomains: readonly string[];
  /** Of those that are due, which may go by the limits of their domains; in their order. */
  within<T extends { domain: string }>(emails: readonly T[]): T[];
  unsubscribeUrl(email: { personId: string; emailId: string }): string;
  contentUrl(file: { emailId: string; fileId: string }): string;
}
