/** Longest Subject, characters. */
export const SUBJECT_MAX = 255;
export const PLAIN_TEMPLATE = '{{activity_subject}}';

export interface SubjectValues {
  activity_type: string;
  activity_subject: string;
  call_outcome?: string | null;
  call_reason?: string | null;
  sales_campaign_name?: string | null;
  sales_campaign_day?: string | null;
  sales_campaign_step?: string | null;
}

const FIELD = /\{\{\s*([a-z_]+)\s*\}\}/g;
const KNOWN: ReadonlySet<string> = new Set([
  'activity_type',
  'activity_subject',
  'sales_campaign_name',
  'sales_campaign_day',
  'sales_campaign_step',
  'call_outcome',
  'call_reason',
]);

/** Dynamic fields of a template that do not exist. */
export function unknownFields(template: string): string[] {
  return [...template.matchAll(FIELD)].map((match) => match[1] ?? '').filter((name) => !KNOWN.has(name));
}

/** The Subject as it is pushed: fields without a value render as nothing, one line, at most 255 characters. */
export function renderSubject(template: string, values: SubjectValues): string | null {
  const text = template.replace(
    FIELD,
    (_, name: string) => (values as unknown as Record<string, string | null>)[name] ?? '',
  );
  const line = text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim();
  return cut(line, SUBJECT_MAX).trimEnd() || null;
}

/** Cuts to at most `max` UTF-16 units, as Salesforce counts, never through a character. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}
