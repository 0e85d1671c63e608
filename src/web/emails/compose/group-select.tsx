import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client';
import { peopleWords } from '../email-words';

interface GroupSelectProps {
  value: string;
  error?: string | undefined;
  onChange(id: string): void;
}

export function GroupSelect({ value, error, onChange }: GroupSelectProps) {
  const groups = useQuery({
    queryKey: ['groups'],
    queryFn: () => answerOf(api.GET('/v1/groups', { params: { query: { limit: 200 } } })),
  });
  return (
    <Select
      label="Group"
      description="Of at most 1,000 people whom you see"
      placeholder="Choose a group"
      searchable
      data={(groups.data?.data ?? []).map(({ id, name, size }) => ({
        value: id,
        label: `${name} · ${peopleWords(size)}`,
      }))}
      value={value || null}
      error={error}
      onChange={(id) => onChange(id ?? '')}
      nothingFoundMessage={groups.isPending ? 'Loading …' : 'No such group'}
    />
  );
}
