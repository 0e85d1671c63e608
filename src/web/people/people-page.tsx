import { Button } from '@mantine/core';
import { IconDownload, IconFileImport, IconPlus } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { useKeys } from '../shell/use-keys';
import { useMe } from '../shell/use-me';
import { RowsLoading } from '../tasks/task-states';
import { SearchBox } from '../ui/search-box';
import { Failed } from '../ui/states';
import { useListWalk } from '../ui/use-list-walk';
import { useMore } from '../ui/use-more';
import { useTitle } from '../ui/use-title';
import { AddPerson } from './add-person';
import { GroupHead } from './group-head';
import { GroupQuestions, type GroupQuestion } from './group-questions';
import { GroupsSide } from './groups-side';
import { PeopleBulkBar } from './people-bulk-bar';
import { PeopleGrid } from './people-grid';
import { exportAddress, parseQuery, type PeopleQuery, searchOf } from './people-query';
import { NoPeople } from './people-states';
import { PersonPanel } from './person-panel';
import { useGroups, usePeople } from './queries';
import { useGroupActs } from './use-group-acts';
import './people.css';

export function PeoplePage() {
  const { user, role } = useMe();
  const [, go] = useLocation();
  const search = useSearch();
  const query = useMemo(() => parseQuery(search), [search]);
  const list = usePeople(query);
  const groups = useGroups();
  const group = groups.data?.find(({ id }) => id === query.group);
  useTitle(group ? `${group.name} · People` : 'People');
  const [question, setQuestion] = useState<GroupQuestion | 'person'>();
  const searchBox = useRef<HTMLInputElement>(null);
  const acts = useGroupActs();

  const people = useMemo(() => list.data?.pages.flatMap(({ data }) => data) ?? [], [list.data]);
  const ids = useMemo(() => people.map(({ id }) => id), [people]);
  const show = useCallback(
    (changes: Partial<PeopleQuery>) => go(`/people${searchOf({ ...query, ...changes })}`, { replace: true }),
    [go, query],
  );
  const walk = useListWalk({ ids, openId: query.person, onOpen: (person) => show({ person }) });
  const { chosenIds } = walk;
  const mayChange = group !== undefined && (role === 'admin' || group.owner.id === user?.id);
  const showOthers = (changes: Partial<PeopleQuery>) => {
    walk.reset();
    show(changes);
  };

  useKeys({
    ...walk.keys,
    n: () => setQuestion('person'),
    g: () => chosenIds.size > 0 && setQuestion({ what: 'add', ids: [...chosenIds] }),
    '/': () => searchBox.current?.focus(),
  });

  const onEnd = useMore(list);
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
              isWhole={!list.hasNextPage}
              active={walk.at}
              selected={chosenIds}
              isLoadingMore={list.isFetchingNextPage}
              onActive={walk.goTo}
              onSelect={walk.select}
              onSelectAll={walk.selectAll}
              onOpen={({ id }) => show({ person: id })}
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
          onRemove={() => group && void acts.remove(group, [...chosenIds]).then((done) => done && walk.clear())}
          onClear={() => walk.clear()}
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
        onAdded={() => walk.clear()}
      />
    </div>
  );
}
