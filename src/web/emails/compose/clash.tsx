import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client';
import { agoWords } from '../../tasks/due';
import { useNow } from '../../ui/use-now';
import { FIELD_LABELS, type WrittenField } from './written';

interface ClashProps {
  id: string;
  fields: readonly WrittenField[];
  onReload(): void;
  onOverwrite(): void;
}

/** The email was changed elsewhere meanwhile: who did, when, and which of the two shall stand. */
export function Clash({ id, fields, onReload, onOverwrite }: ClashProps) {
  const now = useNow(1_000);
  const events = useQuery({
    queryKey: ['email-events', id, 'last'],
    queryFn: () => answerOf(api.GET('/v1/emails/{id}/events', { params: { path: { id }, query: { limit: 1 } } })),
  });
  const last = events.data?.data[0];
  const what = fields.map((field) => FIELD_LABELS[field]).join(' and ');
  const who = last ? `${last.who.name} changed ${what} ${agoWords(last.at, now)}` : `${what} was changed meanwhile`;
  return (
    <Alert color="yellow" role="alert" title={`${who}, elsewhere.`}>
      <p>What you typed is not saved yet.</p>
      <div className="buttons buttons-left">
        <Button size="compact-md" variant="default" onClick={onReload}>
          Take what is there
        </Button>
        <Button size="compact-md" onClick={onOverwrite}>
          Overwrite with mine
        </Button>
      </div>
    </Alert>
  );
}
