import type { EmailKind } from './email.entity.js';
import type { EmailState } from './email-state.js';
import type { FailureReason } from './failure-reasons.js';

/** What an email is, apart from its state, which only a transition changes. */
export interface EmailFields {
  userId: string;
  kind: EmailKind;
  batchId: string | null;
  personId: string | null;
  identityId: string | null;
  channelId: string | null;
  templateId: string | null;
  contentId: string;
  replyToId: string | null;
  toName: string;
  toAddress: string | null;
  cc: readonly string[];
  bcc: readonly string[];
  subject: string;
  commercial: boolean;
  sendAt: Date | null;
  timeZone: string | null;
  dueAt: Date | null;
  attemptId: string | null;
  attempts: number;
  reason: FailureReason | null;
  reasonDetail: string | null;
  successAt: Date | null;
  sentAt: Date | null;
}

export type EmailChange = Partial<EmailFields>;

export interface StoredEmail extends EmailFields {
  id: string;
  state: EmailState;
  version: number;
}

export const COLUMNS: Readonly<Record<keyof EmailFields, string>> = {
  userId: 'user_id',
  kind: 'kind',
  batchId: 'batch_id',
  personId: 'person_id',
  identityId: 'identity_id',
  channelId: 'channel_id',
  templateId: 'template_id',
  contentId: 'content_id',
  replyToId: 'reply_to_id',
  toName: 'to_name',
  toAddress: 'to_address',
  cc: 'cc',
  bcc: 'bcc',
  subject: 'subject',
  commercial: 'commercial',
  sendAt: 'send_at',
  timeZone: 'time_zone',
  dueAt: 'due_at',
  attemptId: 'attempt_id',
  attempts: 'attempts',
  reason: 'reason',
  reasonDetail: 'reason_detail',
  successAt: 'success_at',
  sentAt: 'sent_at',
};

export const TYPES: Readonly<Record<keyof EmailFields, string>> = {
  userId: 'uuid',
  kind: 'text',
  batchId: 'uuid',
  personId: 'uuid',
  identityId: 'uuid',
  channelId: 'uuid',
  templateId: 'uuid',
  contentId: 'uuid',
  replyToId: 'uuid',
  toName: 'text',
  toAddress: 'text',
  cc: 'text[]',
  bcc: 'text[]',
  subject: 'text',
  commercial: 'boolean',
  sendAt: 'timestamptz',
  timeZone: 'text',
  dueAt: 'timestamptz',
  attemptId: 'uuid',
  attempts: 'integer',
  reason: 'text',
  reasonDetail: 'text',
  successAt: 'timestamptz',
  sentAt: 'timestamptz',
};

/** Of an email that nobody has scheduled yet. */
export const BLANK_EMAIL: Omit<EmailFields, 'userId' | 'kind' | 'contentId' | 'toName' | 'subject'> = {
  batchId: null,
  personId: null,
  identityId: null,
  channelId: null,
  templateId: null,
  replyToId: null,
  toAddress: null,
  cc: [],
  bcc: [],
  commercial: true,
  sendAt: null,
  timeZone: null,
  dueAt: null,
  attemptId: null,
  attempts: 0,
  reason: null,
  reasonDetail: null,
  successAt: null,
  sentAt: null,
};
