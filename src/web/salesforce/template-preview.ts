const EXAMPLE = {
  activity_type: 'Call',
  activity_subject: 'Ask about the renewal',
  sales_campaign_name: 'Spring renewals',
  sales_campaign_day: '3',
  sales_campaign_step: '2',
  call_outcome: 'Connected',
  call_reason: 'Follow-up',
} as const;

export const TEMPLATE_FIELDS = Object.keys(EXAMPLE) as (keyof typeof EXAMPLE)[];

const SUBJECT_LENGTH = 255;

/** Pure: the Subject that a call of today would get; a field without a value, or of no such name, is nothing. */
export function previewOf(template: string): string {
  const values: Readonly<Record<string, string | undefined>> = EXAMPLE;
  const text = template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? '');
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim()
    .slice(0, SUBJECT_LENGTH);
}
