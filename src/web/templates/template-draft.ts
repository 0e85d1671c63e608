import type { Schemas } from '../api/client';
import { attachedOf, attachedText, attachmentInputs } from '../files/attached';
import type { Template } from './template-query';

/** What is edited of a template, as its inputs hold it. */
export interface TemplateDraft {
  name: string;
  category: string;
  subject: string;
  body: string;
  shared: 'yes' | '';
  commercial: 'yes' | '';
  locked: 'yes' | '';
  /** As `attachedText` has them. */
  attachments: string;
}

export const EMPTY: TemplateDraft = {
  ...{ name: '', category: '', subject: '', body: '', attachments: '' },
  ...{ shared: '', commercial: 'yes', locked: '' },
};

const FIELD_LABELS: Readonly<Record<keyof TemplateDraft, string>> = {
  name: 'the name',
  category: 'the category',
  subject: 'the subject',
  body: 'the text',
  shared: 'who uses it',
  commercial: 'whether it is commercial',
  locked: 'the lock',
  attachments: 'the files',
};

const flag = (value: boolean) => (value ? 'yes' : '');

export function draftOf(template: Template): TemplateDraft {
  const { name, category, subject, body, shared, commercial, locked } = template;
  const flags = { shared: flag(shared), commercial: flag(commercial), locked: flag(locked) } as const;
  const attachments = attachedText(template.attachments);
  return { name, category: category ?? '', subject, body, attachments, ...flags };
}

/** Pure: what is sent of what differs. */
export function bodyOf(before: TemplateDraft, after: TemplateDraft): Schemas['UpdateTemplate'] {
  const { name, category, subject, body, shared, commercial, locked } = after;
  return {
    ...(name !== before.name && { name }),
    ...(category !== before.category && { category: category.trim() || null }),
    ...(subject !== before.subject && { subject }),
    ...(body !== before.body && { body }),
    ...(shared !== before.shared && { shared: shared === 'yes' }),
    ...(commercial !== before.commercial && { commercial: commercial === 'yes' }),
    ...(locked !== before.locked && { locked: locked === 'yes' }),
    ...(after.attachments !== before.attachments && { attachments: attachmentInputs(attachedOf(after.attachments)) }),
  };
}

export const fieldWords = (fields: readonly (keyof TemplateDraft)[]): string =>
  fields.map((field) => FIELD_LABELS[field]).join(' and ');
