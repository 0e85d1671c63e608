import { ProductError } from '../../platform/errors/product-error.js';

// What can become of an email. One table, and one writer that obeys it (email-store.ts).
//
//   draft ⇄ scheduled ⇄ in_progress ─▶ delivered ⇄ archived
//              │            ├────────▶ bounced ⇄ spam       from delivered and archived, too
//              ▼            ├────────▶ failed
//            failed         └────────▶ uncertain ─▶ delivered, bounced: by evidence
//
//   failed, uncertain, bounced, spam ─▶ scheduled: a person tries again
//   all but in_progress and delivered can be deleted

export const EMAIL_STATES = [
  'draft',
  'scheduled',
  'in_progress',
  'delivered',
  'archived',
  'failed',
  'uncertain',
  'bounced',
  'spam',
  'deleted',
] as const;
export type EmailState = (typeof EMAIL_STATES)[number];

export const EMAIL_FOLDERS = [
  'delivered',
  'archived',
  'scheduled',
  'drafts',
  'in_progress',
  'failed',
  'bounced',
  'spam',
] as const;
export type EmailFolder = (typeof EMAIL_FOLDERS)[number];

/** The folder is never chosen: it follows from the state. */
export function folderOf(state: EmailState): EmailFolder | null {
  switch (state) {
    case 'draft':
      return 'drafts';
    // Filed under Failed, because as far as we know it was not delivered.
    case 'uncertain':
      return 'failed';
    case 'deleted':
      return null;
    default:
      return state;
  }
}

export const EMAIL_EVENTS = [
  'schedule',
  'unschedule',
  'claim',
  'accept',
  'prove',
  'give_back',
  'fail',
  'doubt',
  'bounce',
  'complain',
  'retry',
  'archive',
  'unarchive',
  'delete',
] as const;
/**
 * `claim`: a worker takes it to send it. `accept`: the server took it. `give_back`: it was not sent and is to be tried
 * again. `doubt`: nobody knows whether it was sent. `prove`: something shows that it was. `bounce`: the recipient's
 * server refuses it, at once or later.
 */
export type EmailEvent = (typeof EMAIL_EVENTS)[number];

type Row = Partial<Record<EmailState, EmailState>>;

/** What is not in the table is refused. */
export const TRANSITIONS: Readonly<Record<EmailEvent, Row>> = {
  schedule: { draft: 'scheduled', scheduled: 'scheduled' },
  unschedule: { scheduled: 'draft' },
  claim: { scheduled: 'in_progress' },
  accept: { in_progress: 'delivered' },
  // Also of one that a person sends again meanwhile: it has arrived.
  prove: { uncertain: 'delivered', scheduled: 'delivered' },
  give_back: { in_progress: 'scheduled' },
  fail: { scheduled: 'failed', in_progress: 'failed' },
  doubt: { in_progress: 'uncertain' },
  bounce: {
    in_progress: 'bounced',
    uncertain: 'bounced',
    delivered: 'bounced',
    archived: 'bounced',
    spam: 'bounced',
  },
  complain: { delivered: 'spam', archived: 'spam', bounced: 'spam', uncertain: 'spam' },
  retry: { failed: 'scheduled', uncertain: 'scheduled', bounced: 'scheduled', spam: 'scheduled' },
  archive: { delivered: 'archived' },
  unarchive: { archived: 'delivered' },
  delete: {
    draft: 'deleted',
    scheduled: 'deleted',
    archived: 'deleted',
    failed: 'deleted',
    uncertain: 'deleted',
    bounced: 'deleted',
    spam: 'deleted',
  },
};

/** What an event makes of a state; undefined: it cannot happen there. */
export function nextState(state: EmailState, event: EmailEvent): EmailState | undefined {
  return TRANSITIONS[event][state];
}

/** Where an event begins, and where it leads: the same from everywhere, so that one statement can do it for many. */
export function courseOf(event: EmailEvent): { from: EmailState[]; to: EmailState } {
  const row = Object.entries(TRANSITIONS[event]) as [EmailState, EmailState][];
  const [first] = row;
  if (!first) throw new Error(`The event ${event} leads nowhere.`);
  return { from: row.map(([from]) => from), to: first[1] };
}

/** What a person may do with an email, by its state. */
export const QUICK_ACTIONS = ['edit', 'delete', 'archive', 'unarchive', 'success', 'retry'] as const;
export type QuickAction = (typeof QUICK_ACTIONS)[number];

/** At most two each, as the rows of a folder show them. */
export function quickActionsOf(state: EmailState): readonly QuickAction[] {
  switch (state) {
    case 'delivered':
      return ['archive', 'success'];
    case 'archived':
      return ['unarchive', 'delete'];
    case 'draft':
    case 'scheduled':
      return ['edit', 'delete'];
    case 'failed':
    case 'uncertain':
    case 'bounced':
    case 'spam':
      return ['retry', 'delete'];
    case 'in_progress':
    case 'deleted':
      return [];
  }
}

/** Another was faster, or it is too late. */
export function notNow(state: EmailState): ProductError {
  const words: Partial<Record<EmailState, string>> = {
    in_progress: 'This email is being sent at this moment.',
    delivered: 'This email has been sent.',
    archived: 'This email has been sent and archived.',
    draft: 'This email is a draft.',
    scheduled: 'This email is scheduled.',
    deleted: 'This email is deleted.',
  };
  return new ProductError('conflict', words[state] ?? 'This email is undelivered: retry or delete it.');
}
