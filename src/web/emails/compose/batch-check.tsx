import { Alert, Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../api/client';
import { peopleWords } from '../email-words';

export type Check = Schemas['BatchCheck'];

/** Who would not get it, asked anew as one writes. */
export function useBatchCheck(recipients: Schemas['BatchRecipients'] | undefined) {
  const [body] = useDebouncedValue(recipients, 500);
  return useQuery({
    queryKey: ['batch-check', body],
    queryFn: () => answerOf(api.POST('/v1/email-batches/check', { body: body as Schemas['BatchRecipients'] })),
    enabled: body !== undefined && recipients !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
}

const SHOWN = 6;

interface BatchCheckProps {
  check: Check;
  /** Takes those out who would not get it; undefined: they cannot be taken out here. */
  onRemove: ((ids: readonly string[]) => void) | undefined;
}

/** How many get it, and who does not, with the reason for each. */
export function BatchCheckResult({ check: { people, sendable, unsendable }, onRemove }: BatchCheckProps) {
  if (unsendable.length === 0) {
    return (
      <p className="quiet" role="status">
        {people === 1 ? 'This person can be sent to.' : `All ${peopleWords(people)} can be sent to.`}
      </p>
    );
  }
  const more = unsendable.length - SHOWN;
  return (
    <Alert
      color="yellow"
      role="status"
      title={`${peopleWords(sendable)} of ${people.toLocaleString('en')} can be sent to. Not to these:`}
    >
      <ul className="plain-list">
        {unsendable.slice(0, SHOWN).map(({ person_id: id, name, reason }) => (
          <li key={id}>
            <strong>{name}</strong>: {reason.text} {reason.detail !== null && `(${reason.detail})`}
          </li>
        ))}
        {more > 0 && <li>and {peopleWords(more)} more</li>}
      </ul>
      {onRemove ? (
        <Button
          className="remove-them"
          size="compact-md"
          variant="default"
          onClick={() => onRemove(unsendable.map(({ person_id: id }) => id))}
        >
          Remove them
        </Button>
      ) : (
        <p className="quiet">Their emails are filed under Failed with the reason.</p>
      )}
    </Alert>
  );
}
