import { CloseButton, Select } from '@mantine/core';
import type { RefObject } from 'react';
import type { Me } from '../shell/use-me';
import { SearchBox } from '../ui/search-box';
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
      <SearchBox label="Search tasks" q={query.q} box={searchBox} onSearch={(q) => show({ q })} />
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
