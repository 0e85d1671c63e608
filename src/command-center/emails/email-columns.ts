import type { EmailSort } from './email-sorts.js';
import type { EmailFolder } from './email-state.js';

/** What a list can show of its emails, a column each. */
export const EMAIL_COLUMNS = [
  'person',
  'address',
  'title',
  'company',
  'groups',
  'template',
  'subject',
  'status',
  'created',
  'updated',
  'sent',
  'failed',
  'scheduled',
  'sender',
  'channel',
  'latest_activity',
  'group_email',
  'task',
  'reason',
  'actions',
] as const;
export type EmailColumn = (typeof EMAIL_COLUMNS)[number];

/** How a folder's list looks. */
export interface ColumnSet {
  /** From left to right. */
  columns: EmailColumn[];
  sort: EmailSort;
  rowsPerPage: number;
  rollUp: boolean;
}

const LATEST_FIRST = { sort: 'newest', rowsPerPage: 50, rollUp: false } as const;

/** Pure: how a folder's list looks until its user has it otherwise. */
export function usualColumns(folder: EmailFolder): ColumnSet {
  switch (folder) {
    case 'delivered':
    case 'archived':
      return { ...LATEST_FIRST, columns: ['person', 'subject', 'sent', 'actions'] };
    case 'scheduled':
      return {
        ...LATEST_FIRST,
        sort: 'send_at',
        columns: ['person', 'subject', 'scheduled', 'actions'],
      };
    case 'drafts':
      return { ...LATEST_FIRST, columns: ['person', 'subject', 'updated', 'actions'] };
    case 'in_progress':
      return { ...LATEST_FIRST, columns: ['person', 'subject', 'latest_activity'] };
    case 'failed':
    case 'bounced':
    case 'spam':
      return { ...LATEST_FIRST, columns: ['person', 'subject', 'failed', 'actions'] };
  }
}
