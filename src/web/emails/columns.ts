import type { Schemas } from '../api/client';
import type { EmailQuery, Folder, Sort } from './folders';

export type ColumnSet = Schemas['ColumnSetView'];
export type Column = ColumnSet['columns'][number];

interface Facts {
  name: string;
  /** What it is at least, in pixels, and its share of what is left. */
  width: number;
  share: number;
  /** What a click on its head puts first. */
  sorts?: readonly [first: Sort, reversed: Sort];
}

/** In the order that they are offered in. */
export const COLUMNS: Readonly<Record<Column, Facts>> = {
  person: { name: 'Person', width: 150, share: 2, sorts: ['person', '-person'] },
  address: { name: 'Address', width: 170, share: 2, sorts: ['address', '-address'] },
  title: { name: 'Title', width: 120, share: 1 },
  company: { name: 'Company', width: 120, share: 1 },
  groups: { name: 'Groups', width: 120, share: 1 },
  template: { name: 'Template', width: 130, share: 1, sorts: ['template', '-template'] },
  subject: { name: 'Subject', width: 220, share: 4, sorts: ['subject', '-subject'] },
  status: { name: 'Status', width: 116, share: 0 },
  created: { name: 'Created', width: 132, share: 0, sorts: ['-created', 'created'] },
  updated: { name: 'Updated', width: 132, share: 0, sorts: ['-updated', 'updated'] },
  sent: { name: 'Sent', width: 132, share: 0, sorts: ['-sent', 'sent'] },
  failed: { name: 'Failed', width: 132, share: 0, sorts: ['newest', 'oldest'] },
  scheduled: { name: 'Leaves', width: 132, share: 0, sorts: ['send_at', '-send_at'] },
  sender: { name: 'Sender', width: 150, share: 1, sorts: ['sender', '-sender'] },
  channel: { name: 'Channel', width: 120, share: 1, sorts: ['channel', '-channel'] },
  latest_activity: { name: 'Latest activity', width: 190, share: 1 },
  group_email: { name: 'Group email', width: 150, share: 0 },
  task: { name: 'Task', width: 130, share: 0 },
  reason: { name: 'Reason', width: 200, share: 3 },
  actions: { name: 'Actions', width: 176, share: 0 },
};

const DATES: Readonly<Record<Folder, Column>> = {
  delivered: 'sent',
  archived: 'sent',
  scheduled: 'scheduled',
  drafts: 'updated',
  in_progress: 'updated',
  failed: 'failed',
  bounced: 'failed',
  spam: 'failed',
};

/** Pure: a card has room for no more. */
export const cardColumns = (folder: Folder): Column[] => ['person', 'subject', DATES[folder]];

const GAPS = 10;
const EDGES = 2 * 24 + 16;

/** Pure: narrower than this, a list is moved sideways. */
export function leastWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + COLUMNS[column].width + GAPS, EDGES);
}

/** Pure: as assistive technology is told. */
export function sortedAs(column: Column, sort: Sort): 'ascending' | 'descending' | undefined {
  const { sorts } = COLUMNS[column];
  if (!sorts?.includes(sort)) return undefined;
  return sort === 'newest' || sort.startsWith('-') ? 'descending' : 'ascending';
}

/** Pure: the order after a click on the head of a column; undefined: it has none. */
export function clicked(column: Column, sort: Sort): Sort | undefined {
  const { sorts } = COLUMNS[column];
  return sorts?.[0] === sort ? sorts[1] : sorts?.[0];
}

/** Pure: all columns, those that are shown first and in their order. */
export function offered(shown: readonly Column[]): Column[] {
  const others = (Object.keys(COLUMNS) as Column[]).filter((column) => !shown.includes(column));
  return [...shown, ...others];
}

/** Pure: with a column more, before the actions, or with one less. */
export function toggledColumn(shown: readonly Column[], column: Column): Column[] {
  if (shown.includes(column)) return shown.filter((one) => one !== column);
  const isBeforeLast = shown.at(-1) === 'actions' && column !== 'actions';
  return isBeforeLast ? [...shown.slice(0, -1), column, 'actions'] : [...shown, column];
}

/** Pure: a column in another place; the same columns where there is no such place. */
export function moved(shown: readonly Column[], column: Column, to: number): Column[] {
  const from = shown.indexOf(column);
  if (from < 0 || to < 0 || to >= shown.length) return [...shown];
  const others = shown.filter((one) => one !== column);
  return [...others.slice(0, to), column, ...others.slice(to)];
}

/** What is shown, with what the folder is kept with where the address says nothing. */
export interface EmailList extends EmailQuery {
  sort: Sort;
  rollUp: boolean;
  rowsPerPage: number;
}

/** Pure: what is shown of a folder that is kept so. */
export const listOf = (query: EmailQuery, set: ColumnSet): EmailList => ({
  ...query,
  ...{ sort: query.sort ?? set.sort, rollUp: query.rollUp ?? set.roll_up, rowsPerPage: set.rows_per_page },
});
