import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../api/client';
import type { Task } from './lists';

interface PersonSelectProps {
  label?: string;
  value: string | null;
  /** The person it is about now, who may not be among those found. */
  present?: Task['person'];
  error?: string | undefined;
  onChange(id: string | null): void;
}

/** A lead or contact, found by the server as one types. */
export function PersonSelect({ label = 'Person', value, present = null, error, onChange }: PersonSelectProps) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.split(' · ')[0]?.trim() ?? '', 200);
  const people = useQuery({
    queryKey: ['people', q],
    queryFn: () => answerOf(api.GET('/v1/people', { params: { query: { limit: 20, ...(q !== '' && { q }) } } })),
    placeholderData: keepPreviousData,
  });
  const found = people.data?.data ?? [];
  const shown = present && !found.some(({ id }) => id === present.id) ? [present, ...found] : found;
  return (
    <Select
      label={label}
      placeholder="Lead or contact"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Nobody' }}
      data={shown.map(({ id, name, email }) => ({ value: id, label: email ? `${name} · ${email}` : name }))}
      value={value}
      error={error}
      onChange={onChange}
      searchValue={text}
      onSearchChange={setText}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={people.isFetching ? 'Searching …' : 'Nobody of that name'}
    />
  );
}
