import type { Schemas } from '../api/client';
import { emailsWords } from './email-words';
import type { Email, Folder } from './folders';

export type EmailAction = Schemas['BulkEmails']['action'];

/** What can be done in bulk with the emails of a folder. */
export function bulkActionsOf(folder: Folder): readonly EmailAction[] {
  switch (folder) {
    case 'delivered':
      return ['archive', 'success', 'no_success'];
    case 'archived':
      return ['unarchive', 'success', 'no_success', 'delete'];
    case 'scheduled':
    case 'drafts':
      return ['delete'];
    case 'failed':
    case 'bounced':
    case 'spam':
      return ['retry', 'delete'];
    case 'in_progress':
      return [];
  }
}

export const BULK_NAMES: Readonly<Record<EmailAction, string>> = {
  archive: 'Archive',
  unarchive: 'Unarchive',
  delete: 'Delete',
  retry: 'Retry',
  success: 'Success',
  no_success: 'No success',
};

const DONE: Readonly<Record<EmailAction, string>> = {
  archive: 'archived: what its reader does is not tracked any more',
  unarchive: 'back in Delivered',
  delete: 'deleted',
  retry: 'on the way again; what still stands against it comes back to Failed',
  success: 'marked as a success',
  no_success: 'without the mark of success',
};

/** Pure: what was done, as a sentence. */
export function doneWords(action: EmailAction, emails: readonly Email[]): string {
  const [first] = emails;
  const what = emails.length === 1 && first ? `“${first.subject}”` : emailsWords(emails.length);
  return `${what} ${DONE[action]}.`;
}

/** Pure: whether what was acted on leaves its folder. */
export const leaves = (action: EmailAction): boolean => action !== 'success' && action !== 'no_success';

/** Pure: what is asked before it is done; undefined: it is done at once. */
export function questionOf(action: EmailAction, emails: readonly Email[], count: number): string | undefined {
  if (action === 'retry') {
    const uncertain = emails.filter(({ state }) => state === 'uncertain').length;
    if (uncertain === 0) return undefined;
    if (count === 1) return 'Nobody knows whether this email arrived. Sent again, it may arrive twice.';
    return `Of ${emailsWords(count)}, ${uncertain} may have arrived already. Sent again, they may arrive twice.`;
  }
  if (action !== 'delete') return undefined;
  const [first] = emails;
  const isWaiting = emails.some(({ state }) => state === 'scheduled');
  const cancels = isWaiting ? ' What is scheduled is not sent then.' : '';
  if (count === 1 && first) return `“${first.subject}” cannot be brought back.${cancels}`;
  return `${emailsWords(count)} cannot be brought back.${cancels}`;
}
