import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { Failed, PageLoading } from '../../ui/states';
import { useTitle } from '../../ui/use-title';
import type { EmailDetail } from '../folders';
import { useEmail } from '../queries';
import { SingleForm } from './single-form';

/** Where emails are written: a new one, or one that has not left. */
export function ComposePage() {
  const [, go] = useLocation();
  const given = new URLSearchParams(useSearch());
  const id = given.get('id') ?? undefined;
  // The address of a new email gets its id once it is a draft: that is the same form, not another one.
  const [made] = useState(() => new Map<string, string>());
  const isHere = id !== undefined && made.has(id);
  const email = useEmail(isHere ? undefined : id);
  useTitle('Write · Emails');

  function onMade(draft: EmailDetail) {
    made.set(draft.id, `new-${made.size}`);
    go(`/emails/compose?id=${draft.id}`, { replace: true });
  }
  return (
    <div className="compose">
      <div className="page-head">
        <h1>{id === undefined || isHere ? 'Write an email' : 'Edit the email'}</h1>
        <Link href="/emails?folder=drafts">Back to the emails</Link>
      </div>
      {id === undefined || isHere ? (
        <SingleForm
          key={id === undefined ? `new-${made.size}` : made.get(id)}
          email={undefined}
          begin={given.has('person') ? { person_id: given.get('person') ?? '' } : {}}
          onMade={onMade}
        />
      ) : email.isPending ? (
        <PageLoading />
      ) : email.data ? (
        <SingleForm key={id} email={email.data} begin={{}} onMade={onMade} />
      ) : (
        <Failed error={email.error} retry={() => void email.refetch()} />
      )}
    </div>
  );
}
