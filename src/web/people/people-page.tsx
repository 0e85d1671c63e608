import { Button } from '@mantine/core';
import { IconDownload, IconFileImport, IconPlus } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { useKeys } from '../shell/use-keys';
import { useMe } from '../shell/use-me';
import { toggled, withRange } from '../tasks/selection';
import { RowsLoading } from '../tasks/task-states';
import { SearchBox } from '../ui/search-box';
import { Failed } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { AddPerson } from './add-person';
import { GroupHead } from './group-head';
import { GroupQuestions, type GroupQuestion } from './group-questions';
import { GroupsSide } from './groups-side';
import { PeopleBulkBar } from './people-bulk-bar';
import { PeopleGrid } from './people-grid';
import { exportAddress, parseQuery, type PeopleQuery, type Person, searchOf } from './people-query';
import { NoPeople } from './people-states';
import { PersonPanel } from './person-panel';
import { useGroups, usePeople } from './queries';
import { useGroupActs } from './use-group-acts';
import './people.css';

const NONE: ReadonlySet<string> = new Set();

export function PeoplePage() {
  const { user, role } = useMe();
  const [, go] = useLocation();
  const search = useSearch();
  const query = useMemo(() => parseQuery(search), [search]);
  const list = usePeople(query);
  const groups = useGroups();
  const group = groups.data?.find(({ id }) => id === query.group);
  useTitle(group ? `${group.name} · People` : 'People');
  const [active, setActive] = useState(0);
  const [selected, setSelected] = useState(NONE);
  const [question, setQuestion] = useState<GroupQuestion | 'person'>();
  const searchBox = useRef<HTMLInputElement>(null);
  const anchor = useRef(0);
  const acts = useGroupActs();

  const people = useMemo(() => list.data?.pages.flatMap(({ data }) => data) ?? [], [list.data]);
  const ids = useMemo(() => people.map(({ id }) => id), [people]);
  const at = Math.max(0, Math.min(active, people.length - 1));
  const current = people[at];
  // Who has left the list is no longer selected.
  const chosenIds = useMemo(() => new Set(ids.filter((id) => selected.has(id))), [ids, selected]);
  const mayChange = group !== undefined && (role === 'admin' || group.owner.id === user?.id);
  const show = useCallback(
    (changes: Partial<PeopleQuery>) => go(`/people${searchOf({ ...query, ...changes })}`, { replace: true }),
    [go, query],
  );
  const showOthers = (changes: Partial<PeopleQuery>) => {
    setActive(0);
    setSelected(NONE);
    show(changes);
  };

  // Somebody opened by their address is where the keys begin.
  const openedAt = query.person === undefined ? -1 : ids.indexOf(query.person);
  useEffect(() => {
    if (openedAt >= 0) setActive(openedAt);
  }, [openedAt]);

  function move(by: number, extend = false) {
    const next = Math.max(0, Math.min(people.length - 1, at + by));
    setActive(next);
    if (extend) setSelected(withRange(ids, chosenIds, at, next));
    anchor.current = next;
    const person = people[next];
    if (query.person !== undefined && person) show({ person: person.id });
  }
  function select(index: number, isRange: boolean) {
    const id = ids[index];
    if (id === undefined) return;
    setSelected(isRange ? withRange(ids, chosenIds, anchor.current, index) : toggled(chosenIds, id));
    anchor.current = index;
  }
  const open = (person: Person | undefined) => person && show({ person: person.id });
  const selectAll = () => setSelected(chosenIds.size === people.length ? NONE : new Set(ids));
  const escape = () => (chosenIds.size > 0 ? setSelected(NONE) : query.person && show({ person: undefined }));

  useKeys({
    n: () => setQuestion('person'),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    'shift+j': () => move(1, true),
    'shift+k': () => move(-1, true),
    'shift+ArrowDown': () => move(1, true),
    'shift+ArrowUp': () => move(-1, true),
    Home: () => move(-people.length),
    End: () => move(people.length),
    Enter: () => open(current),
    o: () => open(current),
    g: () => chosenIds.size > 0 && setQuestion({ what: 'add', ids: [...chosenIds] }),
    x: () => select(at, false),
    'shift+x': () => select(at, true),
    'mod+a': selectAll,
    '/': () => searchBox.current?.focus(),
    Escape: escape,
  });

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const close = () => setQuestion(undefined);
  return (
    <div className="tasks people">
      <div className="page-head">
        <div>
          <h1>People</h1>
        </div>
        <div className="toolbar" role="search">
          <SearchBox label="Search people" q={query.q} box={searchBox} onSearch={(q) => show({ q })} />
          <Button
            component={Link}
            href="/people/import"
            variant="default"
            className="filter-button"
            leftSection={<IconFileImport size={17} aria-hidden="true" />}
          >
            Import
          </Button>
          <Button
            component="a"
            href={exportAddress(query)}
            download="people.csv"
            variant="default"
            className="filter-button"
            leftSection={<IconDownload size={17} aria-hidden="true" />}
          >
            Export
          </Button>
        </div>
        <Button
          className="add-button"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => setQuestion('person')}
          aria-keyshortcuts="n"
        >
          Add person
        </Button>
      </div>
      <div className="tasks-body people-body">
        <GroupsSide query={query} onShow={showOthers} onAdd={() => setQuestion({ what: 'create' })} />
        <div className="list" aria-busy={list.isPlaceholderData}>
          {group && (
            <GroupHead
              group={group}
              onEdit={() => setQuestion({ what: 'rename', group })}
              onShare={(shared) => void acts.share(group, shared)}
              onDelete={() => setQuestion({ what: 'delete', group })}
            />
          )}
          {list.isPending ? (
            <RowsLoading what="people" />
          ) : list.isError && people.length === 0 ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : people.length === 0 ? (
            <NoPeople query={query} onAdd={() => setQuestion('person')} onShow={showOthers} />
          ) : (
            <PeopleGrid
              people={people}
              isWhole={!hasNextPage}
              active={at}
              selected={chosenIds}
              isLoadingMore={isFetchingNextPage}
              onActive={(index) => {
                setActive(index);
                anchor.current = index;
              }}
              onSelect={select}
              onSelectAll={selectAll}
              onOpen={open}
              onEnd={onEnd}
            />
          )}
        </div>
        <PersonPanel
          id={query.person}
          known={people.find(({ id }) => id === query.person)}
          onClose={() => show({ person: undefined })}
          onAddToGroup={(id) => setQuestion({ what: 'add', ids: [id] })}
        />
      </div>
      {chosenIds.size > 0 && (
        <PeopleBulkBar
          ids={[...chosenIds]}
          group={mayChange ? group : undefined}
          onAdd={() => setQuestion({ what: 'add', ids: [...chosenIds] })}
          onRemove={() => group && void acts.remove(group, [...chosenIds]).then((done) => done && setSelected(NONE))}
          onClear={() => setSelected(NONE)}
        />
      )}
      <AddPerson opened={question === 'person'} onClose={close} onAdded={({ id }) => show({ person: id })} />
      <GroupQuestions
        question={question === 'person' ? undefined : question}
        groups={groups.data ?? []}
        acts={acts}
        onClose={close}
        onCreated={({ id }) => showOthers({ group: id, person: undefined })}
        onDeleted={() => showOthers({ group: undefined })}
        onAdded={() => setSelected(NONE)}
      />
    </div>
  );
}
