import { CloseButton, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';
import type { Me } from '../shell/use-me';
import { Filters } from './filters';
import type { Counts } from './lists';
import type { Colleague } from './pickers';
import { searchOf, type TaskQuery, VIEWS } from './views';

type Show = (changes: Partial<TaskQuery>) => void;

/** The two questions of the morning: what must I do today, and what is late? */
export function Summary({ counts, onLate }: { counts: Counts | undefined; onLate(): void }) {
  if (!counts) return <p className="quiet">&nbsp;</p>;
  const { today, overdue } = counts;
  return (
    <p className="quiet" aria-live="polite">
      {today === 0 ? 'Nothing is due today or tomorrow' : `${today} due today and tomorrow`}
      {' · '}
      {overdue === 0 ? (
        'nothing is late'
      ) : (
        <button type="button" className="late-link" onClick={onLate}>
          {overdue} late
        </button>
      )}
    </p>
  );
}

export function Views({ query, counts, onShow }: { query: TaskQuery; counts: Counts | undefined; onShow: Show }) {
  return (
    <nav className="views" aria-label="Views">
      {VIEWS.map(([view, label]) => {
        const changes = { view, from: undefined, to: undefined, task: undefined };
        return (
          <a
            key={view}
            href={`/tasks${searchOf({ ...query, ...changes })}`}
            className={`view view-${view}`}
            aria-current={query.view === view ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onShow(changes);
            }}
          >
            {label} <span className="count">{counts ? counts[view].toLocaleString('en') : '·'}</span>
          </a>
        );
      })}
      {query.view === 'range' && (
        <span className="view" aria-current="page">
          {query.from ?? '…'} to {query.to ?? '…'}
          <CloseButton
            size="xs"
            aria-label="Leave these days"
            onClick={() => onShow({ view: 'today', from: undefined, to: undefined })}
          />
        </span>
      )}
    </nav>
  );
}

interface ToolbarProps {
  query: TaskQuery;
  me: Me;
  people: readonly Colleague[];
  searchBox: RefObject<HTMLInputElement | null>;
  show: Show;
}

export function Toolbar({ query, me, people, searchBox, show }: ToolbarProps) {
  const others = me.role === 'admin' ? people.filter(({ id }) => id !== me.user?.id) : [];
  return (
    <div className="toolbar" role="search">
      <SearchBox q={query.q} searchBox={searchBox} show={show} />
      <Select
        aria-label="Whose tasks"
        className="whose"
        allowDeselect={false}
        data={[
          { value: 'me', label: 'My tasks' },
          { value: 'any', label: 'Everybody’s' },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={query.assignee ?? 'me'}
        onChange={(value) => show({ assignee: value === 'me' || value === null ? undefined : value, task: undefined })}
        searchable={people.length > 8}
      />
      <Filters query={query} show={show} />
    </div>
  );
}

function SearchBox({ q, searchBox, show }: Pick<ToolbarProps, 'searchBox' | 'show'> & { q: string }) {
  const [text, setText] = useState(q);
  const search = useDebouncedCallback((typed: string) => show({ q: typed.trim() }), 180);
  // The address can change by itself: back, or the search cleared elsewhere.
  useEffect(() => setText((typed) => (typed.trim() === q ? typed : q)), [q]);
  return (
    <TextInput
      ref={searchBox}
      className="search"
      aria-label="Search tasks"
      aria-keyshortcuts="/"
      placeholder="Search  /"
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      value={text}
      onKeyDown={({ key, currentTarget }) => (key === 'Escape' || key === 'Enter') && currentTarget.blur()}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value);
      }}
    />
  );
}
