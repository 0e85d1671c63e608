import { checkSource, type FieldValues, renderEmail } from '../content/dynamic-fields.js';
import type { PreviewTemplate, TemplatePreview } from './templates.dto.js';

/** Somebody who has a value for every field. */
export const SAMPLE_PERSON: FieldValues['person'] = {
  name: 'Grace Harper',
  first_name: 'Grace',
  last_name: 'Harper',
  email: 'grace@example.com',
  title: 'Head of Operations',
  company: 'Example Ltd',
  phone: '+1 555 0100',
  custom: {},
};

/** Where a key of the team asks, which is nobody. */
export const SAMPLE_SENDER: FieldValues['sender'] = { name: 'Ann Lee', email: 'ann@example.com' };

// Goes nowhere: a preview is nobody's.
const SAMPLE_LINK = 'https://unsubscribe.invalid/';

/** Pure: how an email would look to this person, or what is wrong with it. */
export function previewOf(input: PreviewTemplate, values: FieldValues): TemplatePreview {
  const problems = checkSource(input).map(({ field, message, line, column }) => ({ field, message, line, column }));
  if (problems.length > 0) return { email: null, problems, refusal: null };
  const mode = (input.commercial ?? true) ? ('append' as const) : ('only_where_placed' as const);
  const rendered = renderEmail(input, values, { signatureHtml: null, unsubscribe: { url: SAMPLE_LINK, mode } });
  if (!rendered.ok) return { email: null, problems, refusal: rendered.detail };
  const { subject, html, text } = rendered;
  return { email: { subject, html, text }, problems, refusal: null };
}
