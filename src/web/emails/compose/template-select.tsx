import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client';
import { Confirm } from '../../ui/confirm';
import { useRun } from '../../ui/use-run';

interface TemplateSelectProps {
  /** Empty: none. */
  value: string;
  /** Whether choosing one overwrites something. */
  isWritten: boolean;
  error?: string | undefined;
  onChoose(template: Schemas['TemplateView'] | undefined): void;
}

/** What one begins with: a template fills in subject and text. Favourites come first. */
export function TemplateSelect({ value, isWritten, error, onChoose }: TemplateSelectProps) {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState<string>();
  const [q] = useDebouncedValue(text.trim(), 200);
  const { run } = useRun([]);
  const present = useQuery({ ...templateQuery(value), enabled: value !== '' });
  const favourites = useQuery(listQuery('favourites', ''));
  // What is shown of the chosen one is not what one looks for.
  const all = useQuery({ ...listQuery('all', q === present.data?.name ? '' : q), placeholderData: keepPreviousData });
  const first = (favourites.data?.data ?? []).filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()));
  const known = new Set(first.map(({ id }) => id));
  const others = (all.data?.data ?? []).filter(({ id }) => !known.has(id));
  const isMissing = present.data && !known.has(value) && !others.some(({ id }) => id === value);
  const options = (templates: readonly { id: string; name: string }[]) =>
    templates.map(({ id, name }) => ({ value: id, label: name }));

  async function take(id: string) {
    setAsked(undefined);
    const read = () => answerOf(api.GET('/v1/templates/{id}', { params: { path: { id } } }));
    const template = await run(read, ({ name }) => `Begun with “${name}”.`);
    if (template) onChoose(template);
  }
  return (
    <>
      <Select
        label="Template"
        placeholder="None"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'No template' }}
        data={[
          ...(first.length > 0 ? [{ group: 'Favourites', items: options(first) }] : []),
          {
            group: first.length > 0 ? 'Others' : 'Templates',
            items: options(isMissing ? [present.data, ...others] : others),
          },
        ]}
        value={value || null}
        error={error}
        onChange={(id) => {
          if (id === null) return onChoose(undefined);
          if (isWritten) setAsked(id);
          else void take(id);
        }}
        searchValue={text}
        onSearchChange={setText}
        // The server has searched already.
        filter={({ options: found }) => found}
        nothingFoundMessage={all.isFetching ? 'Searching …' : 'No such template'}
      />
      <Confirm
        opened={asked !== undefined}
        title="Begin anew with this template?"
        answers={[{ label: 'Replace the text', run: () => void (asked && take(asked)) }]}
        onClose={() => setAsked(undefined)}
      >
        <p>The template replaces the subject and the text that are there.</p>
      </Confirm>
    </>
  );
}

const templateQuery = (id: string) => ({
  queryKey: ['template', id],
  queryFn: () => answerOf(api.GET('/v1/templates/{id}', { params: { path: { id } } })),
});

const listQuery = (list: 'all' | 'favourites', q: string) => ({
  queryKey: ['templates', list, q],
  queryFn: () => answerOf(api.GET('/v1/templates', { params: { query: { list, limit: 30, ...(q !== '' && { q }) } } })),
});
