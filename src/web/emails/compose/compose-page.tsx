import { useEffect, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { Failed, PageLoading } from '../../ui/states';
import { useTitle } from '../../ui/use-title';
import type { EmailDetail } from '../folders';
import { useFreshEmail } from '../queries';
import { type Batch, forPeople } from './batch';
import { BatchForm } from './batch-form';
import { SentBatchForm } from './sent-batch-form';
import { SingleForm } from './single-form';
import { composeOf, type Compose } from './what';

const KINDS = [
  ['single', 'To one person', '/emails/compose'],
  ['select', 'Select and Send', '/emails/compose?mode=select'],
  ['group', 'Group Email', '/emails/compose?mode=group'],
] as const;

/** Where emails are written: a new one, to one person or to many, or one that has not left. */
export function ComposePage() {
  const [, go] = useLocation();
  const what = composeOf(useSearch());
  // The address of a new email gets its id once it is a draft: that is the same form, not another one.
  const [made] = useState(() => new Map<string, string>());
  const id = what.kind === 'edit' ? what.id : undefined;
  const isNew = id === undefined || made.has(id);
  useTitle('Write · Emails');
  // Who was chosen elsewhere is in the form from now on, which can take them out again: a reload must not bring them back.
  const isGiven =
    (what.kind === 'select' || what.kind === 'group') && (what.people.length > 0 || what.group !== undefined);
  useEffect(() => {
    if (isGiven) go(`/emails/compose?mode=${what.kind}`, { replace: true });
  }, [isGiven, what.kind, go]);

  function onMade(draft: EmailDetail) {
    made.set(draft.id, `new-${made.size}`);
    go(`/emails/compose?id=${draft.id}`, { replace: true });
  }
  return (
    <div className="compose">
      <div className="page-head">
        <h1>{isNew ? 'Write' : 'Edit'}</h1>
        {isNew && <Kinds kind={what.kind === 'edit' ? 'single' : what.kind} />}
        <Link href={isNew ? '/emails?folder=drafts' : '/emails?folder=scheduled'}>Back to the emails</Link>
      </div>
      {what.kind === 'select' || what.kind === 'group' ? (
        <BatchForm key={what.kind} kind={what.kind} begin={(kept) => begunWith(kept, what)} />
      ) : isNew ? (
        <SingleForm
          key={id === undefined ? `new-${made.size}` : made.get(id)}
          email={undefined}
          begin={what.kind === 'single' && what.person ? { person_id: what.person } : {}}
          onMade={onMade}
        />
      ) : (
        <Edit key={id} id={id} ofAll={what.kind === 'edit' && what.ofAll} onMade={onMade} />
      )}
    </div>
  );
}

function begunWith(kept: Batch, { people, group }: Extract<Compose, { kind: 'select' | 'group' }>): Batch {
  const batch = people.length > 0 ? forPeople(kept, people) : kept;
  return group === undefined ? batch : { ...batch, group_id: group };
}

function Kinds({ kind }: { kind: Exclude<Compose['kind'], 'edit'> }) {
  return (
    <nav className="kinds" aria-label="To whom">
      {KINDS.map(([value, label, href]) => (
        <Link key={value} href={href} className="view" aria-current={value === kind ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

function Edit({ id, ofAll, onMade }: { id: string; ofAll: boolean; onMade(email: EmailDetail): void }) {
  // As it is now: what a list or a panel read before may have left, or been changed.
  const email = useFreshEmail(id);
  if (email.isFetching && !email.isFetchedAfterMount) return <PageLoading />;
  if (!email.data) return <Failed error={email.error} retry={() => void email.refetch()} />;
  const { kind, batch_id: batchId } = email.data;
  if (batchId !== null && (kind === 'group' || ofAll)) {
    return <SentBatchForm id={batchId} emailId={email.data.id} />;
  }
  return <SingleForm email={email.data} begin={{}} onMade={onMade} />;
}
