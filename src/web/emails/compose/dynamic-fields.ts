interface DynamicField {
  label: string;
  text: string;
  /** Has no sense in a subject. */
  isOfBody?: boolean;
}

/** What can stand in a text for each person; those that would stop an email where they are empty come with a fallback. */
export const DYNAMIC_FIELDS: readonly DynamicField[] = [
  { label: 'First name', text: '{{first_name}}' },
  { label: 'Last name', text: '{{last_name}}' },
  { label: 'Title', text: '{{title}}' },
  { label: 'Company', text: '{{company}}' },
  { label: 'Phone', text: '{{phone | default: ""}}' },
  { label: 'Email address', text: '{{email}}' },
  { label: 'Own field (change its name)', text: '{{custom.name | default: ""}}' },
  { label: 'Your name', text: '{{sender_name}}' },
  { label: 'Your email address', text: '{{sender_email}}' },
  { label: 'Your signature', text: '{{signature}}', isOfBody: true },
  { label: 'Files that go as links', text: '{{tracked_content}}', isOfBody: true },
  { label: 'Link to unsubscribe', text: '{{team_unsubscribe}}', isOfBody: true },
];
