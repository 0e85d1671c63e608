import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client';
import { PEOPLE_MOST } from './batch';

interface AddPeopleProps {
  chosen: readonly string[];
  error?: string | undefined;
  onAdd(id: string): void;
}

/** Finds people one by one, and stays open for the next. */
export function AddPeople({ chosen, error, onAdd }: AddPeopleProps) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({
    queryKey: ['people', q],
    queryFn: () => answerOf(api.GET('/v1/people', { params: { query: { limit: 20, ...(q !== '' && { q }) } } })),
    placeholderData: keepPreviousData,
  });
  const people = (found.data?.data ?? []).filter(({ id }) => !chosen.includes(id));
  const isFull = chosen.length >= PEOPLE_MOST;
  return (
    <Select
      label="Add people"
      description={`${chosen.length} of at most ${PEOPLE_MOST}`}
      placeholder="Search leads and contacts"
      searchable
      disabled={isFull}
      data={people.map(({ id, name, email }) => ({ value: id, label: email ? `${name} · ${email}` : name }))}
      value={null}
      error={error}
      onChange={(id) => {
        const person = people.find((one) => one.id === id);
        if (!person) return;
        queries.setQueryData(['person', person.id], person);
        onAdd(person.id);
        setText('');
      }}
      searchValue={text}
      onSearchChange={setText}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? 'Searching …' : 'Nobody else of that name'}
    />
  );
}
