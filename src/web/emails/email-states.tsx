import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { Empty } from '../ui/states';
import type { EmailQuery, Folder } from './folders';

/** An empty folder says what would be in it, and what is next. */
const EMPTY: Readonly<Record<Folder, readonly [title: string, sentence: string]>> = {
  delivered: ['Nothing was sent yet', 'Emails that the mail server took appear here.'],
  archived: ['Nothing is archived', 'What you archive lies here, and is not tracked any more.'],
  scheduled: ['Nothing is scheduled', 'Emails wait here for their time, and leave by themselves.'],
  drafts: ['There are no drafts', 'What you write is kept here once it has a subject and a person.'],
  in_progress: ['Nothing is being sent', 'Emails pass through here in moments.'],
  failed: ['Nothing failed', 'What could not be sent lies here with the reason, until you retry or delete it.'],
  bounced: ['Nothing bounced', 'What a recipient’s mail server refuses lies here, with its words.'],
  spam: ['Nobody complained', 'What a recipient marks as spam lies here.'],
};

export function NoEmails({ query, show }: { query: EmailQuery; show(changes: Partial<EmailQuery>): void }) {
  if (query.q !== '' || query.batch !== undefined) {
    return (
      <Empty title="No email matches">
        <p>Nothing in this folder fits what you look for.</p>
        <Button variant="default" onClick={() => show({ q: '', batch: undefined })}>
          Show the whole folder
        </Button>
      </Empty>
    );
  }
  const [title, sentence] = EMPTY[query.folder];
  return (
    <Empty title={title}>
      <p>{sentence}</p>
      <Button component={Link} href="/emails/compose">
        Write an email
      </Button>
    </Empty>
  );
}
