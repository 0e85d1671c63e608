import type { Schemas } from '../api/client';

export type TimelineEntry = Schemas['TimelineEntry'];

const EMAILS: Readonly<Record<string, string>> = {
  scheduled: 'has an email scheduled',
  in_progress: 'is sending an email',
  delivered: 'sent an email',
  failed: 'could not send an email',
  bounced: 'sent an email that bounced',
  spam: 'sent an email that was marked as spam',
};

const TASKS: Readonly<Record<string, string>> = {
  call: 'a call',
  email: 'a task to write',
  inmail: 'a task to write an InMail',
  custom: 'a task',
};

const TASK_ACTS: Readonly<Record<string, string>> = { open: 'has', completed: 'completed', skipped: 'skipped' };

/** Pure: what happened, after the name of who did it; of what they did themselves, after the person's. */
export function entryWords({ kind, what, type }: TimelineEntry): string {
  switch (kind) {
    case 'email':
      return EMAILS[what] ?? 'wrote an email';
    case 'task':
      return `${TASK_ACTS[what] ?? 'had'} ${TASKS[type ?? ''] ?? 'a task'}`;
    case 'note':
      return 'noted';
    case 'unsubscribe':
      return what === 'resubscribed' ? 'subscribed them again' : unsubscribeWords(type);
    case 'authorization':
      return what === 'withdrawn' ? 'took the authorization back' : `stated why we write: ${groundWords(type)}`;
  }
}

function unsubscribeWords(source: string | null): string {
  switch (source) {
    case 'link':
      return 'unsubscribed by the link in an email';
    case 'bounce':
      return 'is unsubscribed: an email bounced';
    case 'complaint':
      return 'is unsubscribed: an email was marked as spam';
    default:
      return 'unsubscribed them';
  }
}

const groundWords = (type: string | null): string => (type ?? 'other').replaceAll('_', ' ');

/** Pure: where the thing itself is shown; undefined: nowhere, or it is a colleague's. */
export function entryPath({ kind, what, id, text }: TimelineEntry): string | undefined {
  if (kind === 'email' && text !== null) return `/emails?folder=${what}&email=${id}`;
  if (kind === 'task') return `/tasks?task=${id}`;
  return undefined;
}
