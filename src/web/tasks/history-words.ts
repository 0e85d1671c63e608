import type { Schemas } from '../api/client';
import { dayWords } from './due';

type Change = Pick<Schemas['TaskChangeView'], 'field' | 'old' | 'new'>;

const FIELD_NAMES: Readonly<Record<string, string>> = {
  due_date: 'due date',
  assignee_id: 'assignee',
  person_id: 'person',
  reminder_at: 'reminder',
  what_id: 'related record',
  what_name: 'related record',
  who_id: 'Salesforce person',
  call_outcome: 'call outcome',
  call_reason: 'call reason',
};

/** What happened as a whole, not to one value. */
const WHOLE: Readonly<Record<string, string>> = {
  created: 'added it',
  deleted: 'deleted it',
  restored: 'restored it',
  left: 'gave it to somebody outside in Salesforce',
  returned: 'gave it back in Salesforce',
  details: 'changed the details',
  person_id: 'changed the person',
  who_id: 'changed the Salesforce person',
};

/** Pure: what one change was, as a person says it. */
export function changeWords({ field, old, new: now }: Change, users: readonly { id: string; name: string }[]): string {
  if (field === 'status') return now === 'open' ? 'opened it again' : now === 'skipped' ? 'skipped it' : 'completed it';
  if (field === 'snoozed_until') return now === null ? 'woke it' : `snoozed it until ${timeWords(now)}`;
  const whole = WHOLE[field];
  if (whole !== undefined) return whole;
  const shown = (value: string | null) => {
    if (value === null || value === '') return 'nothing';
    if (field === 'due_date') return dayWords(value);
    return users.find(({ id }) => id === value)?.name ?? value;
  };
  return `changed the ${FIELD_NAMES[field] ?? field.replaceAll('_', ' ')} from ${shown(old)} to ${shown(now)}`;
}

function timeWords(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}
