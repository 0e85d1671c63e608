const NAMES: Readonly<Record<string, string>> = {
  person_id: 'The person',
  person_ids: 'The people',
  group_id: 'The group',
  subject: 'The subject',
  body: 'The text',
  cc: 'Cc',
  bcc: 'Bcc',
  identity_id: 'The address it goes out as',
  template_id: 'The template',
  reply_to_id: 'The email that this follows up',
  date: 'The day',
  at: 'The time',
  time: 'The time',
  time_zone: 'The time zone',
  edits: 'The text of one person',
};

/** Pure: what is wrong with one field, as a sentence: what the server calls `schedule.date` is a day on the page. */
export function faultWords({ field, message }: { field: string; message: string }): string {
  const [first = '', second = ''] = field.split('.');
  const name = NAMES[first === 'schedule' ? second : first] ?? field.replaceAll('_', ' ');
  // Some are sentences already: "there is no dynamic field".
  const isSentence = message.startsWith('there ');
  return `${name}${isSentence ? ':' : ''} ${message}${message.endsWith('.') ? '' : '.'}`;
}
