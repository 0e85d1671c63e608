import type { Schemas } from '../../api/client';
import { attachedOf, attachedText, attachmentInputs } from '../../files/attached';
import { changedFields } from '../../ui/rebase';
import type { EmailDetail } from '../folders';

/** What is written of an email to one person, as its inputs hold it: text by field. */
export interface Written {
  person_id: string;
  subject: string;
  body: string;
  /** Addresses with commas in between. */
  cc: string;
  bcc: string;
  identity_id: string;
  template_id: string;
  /** As `attachedText` has them. */
  attachments: string;
}
export type WrittenField = keyof Written;

export const BLANK: Written = {
  person_id: '',
  subject: '',
  body: '',
  cc: '',
  bcc: '',
  identity_id: '',
  template_id: '',
  attachments: '',
};

export const FIELD_LABELS: Readonly<Record<WrittenField, string>> = {
  person_id: 'the person',
  subject: 'the subject',
  body: 'the text',
  cc: 'who gets a copy',
  bcc: 'who gets a hidden copy',
  identity_id: 'the address it goes out as',
  template_id: 'the template',
  attachments: 'the files',
};

export function writtenOf(email: EmailDetail): Written {
  return {
    person_id: email.person?.id ?? '',
    subject: email.subject,
    body: email.body,
    cc: email.cc.join(','),
    bcc: email.bcc.join(','),
    identity_id: email.identity_id ?? '',
    template_id: email.template_id ?? '',
    attachments: attachedText(email.attachments),
  };
}

export const addressesOf = (text: string): string[] => text.split(',').filter((one) => one !== '');

/** Pure: what is sent of the fields that changed. */
export function changesOf(before: Written, after: Written): Schemas['UpdateEmail'] {
  const changed = new Set(changedFields(before, after));
  return {
    ...(changed.has('person_id') && { person_id: after.person_id || null }),
    ...(changed.has('subject') && { subject: after.subject }),
    ...(changed.has('body') && { body: after.body }),
    ...(changed.has('cc') && { cc: addressesOf(after.cc) }),
    ...(changed.has('bcc') && { bcc: addressesOf(after.bcc) }),
    ...(changed.has('identity_id') && { identity_id: after.identity_id || null }),
    ...(changed.has('template_id') && { template_id: after.template_id || null }),
    ...(changed.has('attachments') && { attachments: attachmentInputs(attachedOf(after.attachments)) }),
  };
}

/** Pure: whether it is enough for a draft; before that the browser keeps it. */
export const isDraft = ({ person_id: person, subject }: Written): boolean => person !== '' && subject.trim() !== '';
