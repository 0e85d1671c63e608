import { Alert, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Problem, sentenceOf } from '../api/problem';
import { SidePanel } from '../ui/side-panel';
import type { Person } from './people-query';
import { PersonDetails } from './person-details';
import { readPerson } from './queries';

export interface PanelProps {
  id: string | undefined;
  /** The person as the list has them: shown until they are read anew. */
  known: Person | undefined;
  onClose(): void;
  onAddToGroup(id: string): void;
}

export function PersonPanel({ id, known, onClose, onAddToGroup }: PanelProps) {
  const query = useQuery({
    queryKey: ['person', id],
    queryFn: () => readPerson(id ?? ''),
    enabled: id !== undefined,
    placeholderData: known,
  });
  return (
    <SidePanel opened={id !== undefined} label={`Person: ${query.data?.name ?? '…'}`} onClose={onClose}>
      {query.data ? (
        <PersonDetails key={query.data.id} person={query.data} onClose={onClose} onAddToGroup={onAddToGroup} />
      ) : query.isError ? (
        <Alert color="red" role="alert" title={query.error instanceof Problem ? query.error.title : undefined}>
          {sentenceOf(query.error)}
        </Alert>
      ) : (
        <Skeleton height={240} />
      )}
    </SidePanel>
  );
}
