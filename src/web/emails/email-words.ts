import { dayWords, todayIn } from '../tasks/due';
import { shownAt } from '../tasks/local-time';
import type { Email } from './folders';

/** Pure: a time as a list shows it: today's by the clock, others by their day. */
export function timeWords(at: string, timeZone: string, now: Date): string {
  const shown = shownAt(at, timeZone);
  const [date = '', time = ''] = shown.split('T');
  const today = todayIn(timeZone, now);
  if (date === today) return `Today ${time}`;
  const year = date.slice(0, 4) === today.slice(0, 4) ? '' : ` ${date.slice(0, 4)}`;
  return `${dayWords(date)}${year} ${time}`;
}

/** Pure: a time in full, with its zone. */
export function fullTime(at: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full', timeStyle: 'short' });
  return format.format(new Date(at)).replace(' at ', ', ');
}

export const ACTION_NAMES = {
  edit: 'Edit',
  delete: 'Delete',
  archive: 'Archive',
  unarchive: 'Unarchive',
  success: 'Success',
  retry: 'Retry',
} as const satisfies Record<Email['quick_actions'][number], string>;

export const STATE_NAMES: Readonly<Record<Email['state'], string>> = {
  draft: 'Draft',
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  delivered: 'Delivered',
  archived: 'Archived',
  failed: 'Failed',
  uncertain: 'Uncertain',
  bounced: 'Bounced',
  spam: 'Spam',
  deleted: 'Deleted',
};

/** Pure: what a bulk email is called in the row of one of its emails. */
export function kindWords({ kind, rolled_up: count }: Email): string | undefined {
  if (kind === 'single') return undefined;
  if (kind === 'select') return 'Select and Send';
  return count === undefined ? 'Group email' : `Group email · ${count.toLocaleString('en')}`;
}

export const recipientOf = ({ person, to_name: name, to_address: address }: Email) => ({
  name: person?.name ?? name,
  address: address ?? person?.email ?? null,
});

/** Pure: to whom, as a row says it: a row that is rolled up is to all of its group. */
export function toWords(email: Email): { name: string; address: string } {
  const { name, address } = recipientOf(email);
  const count = email.rolled_up ?? 1;
  if (count > 1) return { name: peopleWords(count), address: `${name} and others` };
  return { name, address: address ?? 'no address' };
}

/** What happened, as the events of an email name it. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  created: 'wrote it',
  edited: 'changed it',
  success: 'marked it as a success',
  no_success: 'took the success mark away',
  schedule: 'scheduled it',
  unschedule: 'took it back to the drafts',
  claim: 'began to send it',
  accept: 'sent it: the mail server took it',
  prove: 'learned that it arrived',
  give_back: 'put it off, to be tried again',
  fail: 'could not send it',
  doubt: 'does not know whether it was sent',
  bounce: 'learned that it bounced',
  complain: 'learned that it was marked as spam',
  retry: 'tried it again',
  archive: 'archived it',
  unarchive: 'unarchived it',
  delete: 'deleted it',
};

/** Pure: what is noted with an event: a sentence, a server’s words, or the name of a reason. */
export const noteWords = (detail: string): string => (/^[a-z_]+$/.test(detail) ? detail.replaceAll('_', ' ') : detail);

export const eventWords = (event: string): string => EVENT_NAMES[event] ?? event.replaceAll('_', ' ');

/** Pure: "1 email", "12 emails". */
export const emailsWords = (count: number): string =>
  count === 1 ? '1 email' : `${count.toLocaleString('en')} emails`;
export const peopleWords = (count: number): string =>
  count === 1 ? '1 person' : `${count.toLocaleString('en')} people`;
