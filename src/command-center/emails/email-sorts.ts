import { ProductError } from '../../platform/errors/product-error.js';
import { decodeCursor } from '../../platform/http/page.js';
import type { EmailFolder } from './email-state.js';

export const EMAIL_SORTS = [
  'newest',
  'oldest',
  'send_at',
  '-send_at',
  'created',
  '-created',
  'updated',
  '-updated',
  'sent',
  '-sent',
  'subject',
  '-subject',
  'person',
  '-person',
  'address',
  '-address',
  'sender',
  '-sender',
  'template',
  '-template',
  'channel',
  '-channel',
] as const;
export type EmailSort = (typeof EMAIL_SORTS)[number];

export interface Order {
  /** SQL of what is compared: never null, so that a position is one row comparison. */
  by: string;
  /** SQL of such a value as text that loses nothing. */
  key: (value: string) => string;
  type: 'timestamptz' | 'text';
  /** SQL of what it needs besides `emails e`. */
  join: string;
  direction: 'ASC' | 'DESC';
}

/** SQL: a time to the microsecond. */
export const exactSql = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

type Field = Omit<Order, 'direction'>;

const LEAST = "'-infinity'";
const time = (by: string): Field => ({
  ...{ by, type: 'timestamptz', join: '' },
  // No calendar has that one.
  key: (value) => `CASE WHEN ${value} = ${LEAST} THEN ${LEAST} ELSE ${exactSql(value)} END`,
});

/** What has no such time comes before all that have one. */
const timeIfAny = (column: string): Field => time(`coalesce(${column}, ${LEAST}::timestamptz)`);

/** In the same order on every server, whatever its language; what has no such text comes before all that have one. */
function text(value: string, join = ''): Field {
  const by = `lower(coalesce(${value}, '')) COLLATE "C"`;
  return { by, key: (value) => value, type: 'text', join };
}

const NEIGHBOURS = {
  identities: 'LEFT JOIN identities i ON i.team_id = e.team_id AND i.id = e.identity_id',
  templates: 'LEFT JOIN templates t ON t.team_id = e.team_id AND t.id = e.template_id',
  channels: 'LEFT JOIN delivery_channels c ON c.team_id = e.team_id AND c.id = e.channel_id',
};

/**
 * How a folder is put in an order. By when emails came into it, were made, or (among the sent) were sent, and the
 * scheduled by when they leave: an index is read in order, a page at a time. Every other order reads the folder of that
 * one user whole and keeps the first of it; nothing of other users is read.
 */
export function orderOf(sort: EmailSort, folder: EmailFolder): Order {
  const direction = sort === 'newest' || sort.startsWith('-') ? 'DESC' : 'ASC';
  return { ...fieldOf(sort.replace(/^-/, '') as Exclude<EmailSort, `-${string}`>, folder), direction };
}

function fieldOf(sort: Exclude<EmailSort, `-${string}`>, folder: EmailFolder): Field {
  switch (sort) {
    case 'newest':
    case 'oldest':
      return time('e.state_at');
    case 'send_at':
      // Drafts have no time yet.
      return time(folder === 'scheduled' ? 'e.send_at' : 'coalesce(e.send_at, e.state_at)');
    case 'created':
      return time('e.created_at');
    case 'updated':
      return time('e.updated_at');
    case 'sent':
      return timeIfAny('e.sent_at');
    case 'subject':
      return text('e.subject');
    case 'person':
      return text('e.to_name');
    case 'address':
      return text('e.to_address');
    case 'sender':
      return text(`i.name || ' ' || i.email`, NEIGHBOURS.identities);
    case 'template':
      return text('t.name', NEIGHBOURS.templates);
    case 'channel':
      return text('c.name', NEIGHBOURS.channels);
  }
}

/** The partial indexes are seen only where the folder is in the statement itself. */
export function indexHint(folder: EmailFolder): string[] {
  if (folder === 'scheduled') return [`e.folder = 'scheduled'`];
  return folder === 'delivered' || folder === 'archived' ? [`e.folder IN ('delivered', 'archived')`] : [];
}

/** Where a list goes on: what it was sorted by, that value of the last email shown, and its id. */
export function positionOf(after: string | undefined, sort: EmailSort): [string, string] | null {
  if (after === undefined) return null;
  const [of, value, id] = decodeCursor(after, 3);
  if (of === sort && value != null && id != null) return [value, id];
  throw new ProductError(
    'invalid_input',
    `This cursor is of a list sorted by ${of}, not by ${sort}: begin with the first page.`,
    [{ field: 'after', message: 'is a cursor of another order' }],
  );
}
