import type { Schemas } from '../api/client';

export type Email = Schemas['EmailView'];
export type EmailDetail = Schemas['EmailDetail'];
export type FolderCounts = Schemas['EmailCounts'];
export type Folder = keyof FolderCounts;
export type Sort = (typeof SORTS)[number][0];

export const FOLDER_NAMES: Readonly<Record<Folder, string>> = {
  delivered: 'Delivered',
  archived: 'Archived',
  scheduled: 'Scheduled',
  drafts: 'Drafts',
  in_progress: 'In Progress',
  failed: 'Failed',
  bounced: 'Bounced',
  spam: 'Spam',
};

export const PRIMARIES = [
  { value: 'sent', label: 'Sent', folders: ['delivered', 'archived'] },
  { value: 'pending', label: 'Pending', folders: ['scheduled', 'drafts', 'in_progress'] },
  { value: 'undelivered', label: 'Undelivered', folders: ['failed', 'bounced', 'spam'] },
] as const satisfies readonly { value: string; label: string; folders: readonly Folder[] }[];
export type Primary = (typeof PRIMARIES)[number];

export const SORTS = [
  ['newest', 'Newest first'],
  ['oldest', 'Oldest first'],
  ['send_at', 'By send time'],
  ['-send_at', 'By send time, last first'],
  ['-created', 'Last written'],
  ['created', 'First written'],
  ['person', 'Person, A to Z'],
  ['-person', 'Person, Z to A'],
  ['address', 'Address, A to Z'],
  ['-address', 'Address, Z to A'],
  ['subject', 'Subject, A to Z'],
  ['-subject', 'Subject, Z to A'],
  ['-sent', 'Last sent'],
  ['sent', 'First sent'],
  ['-updated', 'Last changed'],
  ['updated', 'First changed'],
  ['template', 'Template, A to Z'],
  ['-template', 'Template, Z to A'],
  ['sender', 'Sender, A to Z'],
  ['-sender', 'Sender, Z to A'],
  ['channel', 'Channel, A to Z'],
  ['-channel', 'Channel, Z to A'],
] as const;

/** What the address says is shown. */
export interface EmailQuery {
  folder: Folder;
  /** Undefined: as the folder is kept. */
  sort: Sort | undefined;
  q: string;
  /** Likewise. */
  rollUp: boolean | undefined;
  /** Whose, as an admin looks at them; one’s own when left out. */
  user: string | undefined;
  /** Only one bulk email. */
  batch: string | undefined;
  /** The email whose details are open. */
  email: string | undefined;
}

/** Pure: under which primary tab a folder is. */
export function primaryOf(folder: Folder): Primary {
  const isIn = ({ folders }: Primary) => (folders as readonly Folder[]).includes(folder);
  return PRIMARIES.find(isIn) ?? PRIMARIES[0];
}

/** Pure: what an address asks for; what it says wrongly is as if it were not there. */
export function parseQuery(search: string): EmailQuery {
  const given = new URLSearchParams(search);
  const wanted = given.get('folder') ?? '';
  const folder = Object.hasOwn(FOLDER_NAMES, wanted) ? (wanted as Folder) : 'delivered';
  const sort = SORTS.find(([name]) => name === given.get('sort'))?.[0];
  return {
    folder,
    sort,
    q: given.get('q') ?? '',
    rollUp: { true: true, false: false }[given.get('roll_up') ?? ''],
    user: given.get('user') ?? undefined,
    batch: given.get('batch') ?? undefined,
    email: given.get('email') ?? undefined,
  };
}

/** Pure: the address of what is shown, without what the folder is kept with. */
export function searchOf({ folder, sort, q, rollUp, user, batch, email }: EmailQuery): string {
  const search = new URLSearchParams();
  if (folder !== 'delivered') search.set('folder', folder);
  if (sort !== undefined) search.set('sort', sort);
  if (q !== '') search.set('q', q);
  if (rollUp !== undefined) search.set('roll_up', String(rollUp));
  if (user !== undefined) search.set('user', user);
  if (batch !== undefined) search.set('batch', batch);
  if (email !== undefined) search.set('email', email);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** Pure: another folder, as a tab opens it: as it is kept, without what was open. */
export function inFolder(query: EmailQuery, folder: Folder): EmailQuery {
  return { ...query, folder, sort: undefined, rollUp: undefined, batch: undefined, email: undefined };
}
