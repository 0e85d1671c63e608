import { Alert, Button, Textarea } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import { useMe } from '../shell/use-me';
import { useRun } from '../ui/use-run';
import type { Person } from './people-query';
import { UnsubscribeHistory } from './unsubscribe-history';

/** Whether they want commercial emails, and what changes that. */
export function Unsubscribing({ person }: { person: Person }) {
  const { role } = useMe();
  const queries = useQueryClient();
  const { run, busy } = useRun(['people', 'unsubscribes']);
  const [asks, setAsks] = useState(false);
  const [reason, setReason] = useState('');
  const isOut = person.unsubscribed_at !== null;
  const mayAct = !isOut || role === 'admin';

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = isOut ? `${person.name} gets commercial emails again.` : `${person.name} is unsubscribed.`;
    const saved = await run(() => (isOut ? resubscribed(person, reason) : unsubscribed(person, reason)), done);
    if (!saved) return;
    queries.setQueryData(['person', person.id], saved);
    setAsks(false);
    setReason('');
  }
  const label = isOut ? 'Subscribe again' : 'Unsubscribe';
  return (
    <section aria-label="Subscription" className="subscription">
      {isOut && (
        <Alert color="yellow" icon={<IconMailOff size={18} />} title={`Unsubscribed since ${day(person)}`}>
          They get no commercial emails{role === 'admin' ? '.' : '. An admin of your team can change that.'}
        </Alert>
      )}
      {mayAct && !asks && (
        <div>
          <Button size="compact-sm" variant="subtle" color={isOut ? 'indigo' : 'gray'} onClick={() => setAsks(true)}>
            {label}
          </Button>
        </div>
      )}
      {mayAct && asks && (
        <form className="stack" aria-label={label} onSubmit={(event) => void submit(event)}>
          <Textarea
            label={isOut ? 'Why they get emails again' : 'Reason (may be left out)'}
            placeholder={isOut ? 'Asked for it on the phone' : 'Asked us to stop'}
            required={isOut}
            autosize
            autoFocus
            maxLength={500}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <div className="buttons buttons-left">
            <Button size="compact-md" type="submit" loading={busy}>
              {label}
            </Button>
            <Button size="compact-md" variant="default" onClick={() => setAsks(false)}>
              Cancel
            </Button>
          </div>
        </form>
      )}
      <UnsubscribeHistory id={person.id} since={person.unsubscribed_at} />
    </section>
  );
}

const day = ({ unsubscribed_at: at }: Person) =>
  at === null ? '' : new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium' });

const unsubscribed = ({ id }: Person, reason: string) =>
  answerOf(
    api.POST('/v1/people/{id}/unsubscribe', { params: { path: { id } }, body: { reason: reason.trim() || null } }),
  );

const resubscribed = ({ id }: Person, reason: string) =>
  answerOf(api.POST('/v1/people/{id}/resubscribe', { params: { path: { id } }, body: { reason } }));
