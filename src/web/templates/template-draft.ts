import type { Schemas } from '../api/client';
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
}

export const EMPTY: TemplateDraft = {
  ...{ name: '', category: '', subject: '', body: '' },
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
};

const flag = (value: boolean) => (value ? 'yes' : '');

export function draftOf({ name, category, subject, body, shared, commercial, locked }: Template): TemplateDraft {
  const flags = { shared: flag(shared), commercial: flag(commercial), locked: flag(locked) } as const;
  return { name, category: category ?? '', subject, body, ...flags };
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
  };
}

export const fieldWords = (fields: readonly (keyof TemplateDraft)[]): string =>
  fields.map((field) => FIELD_LABELS[field]).join(' and ');
