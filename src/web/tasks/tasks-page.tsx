import { Button, Select, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useMe } from '../shell/use-me';
import { Empty, Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useTitle } from '../ui/use-title';
import { AddTask } from './add-task';
import { BulkBar } from './bulk-bar';
import type { Act, Task } from './cache';
import { todayIn } from './due';
import { PickAssignee, PickDate } from './pickers';
import { useCounts, useTasks, useUsers } from './queries';
import { TaskDrawer } from './task-drawer';
import { TaskGrid } from './task-grid';
import { useActs } from './use-acts';
import { parseQuery, searchOf, type TaskQuery, VIEWS } from './views';
import './tasks.css';

type Dialog = 'add' | 'date' | 'assignee' | undefined;

export function TasksPage() {
  useTitle('Tasks');
  const me = useMe();
  const [, go] = useLocation();
  const search = useSearch();
  const query = useMemo(() => parseQuery(search), [search]);
  const today = todayIn(me.time_zone, useNow(30_000));
  const list = useTasks(query);
  const counts = useCounts(query);
  const users = useUsers();
  const { perform, undoLast, refused } = useActs();
  const [active, setActive] = useState(0);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<Dialog>();
  const searchBox = useRef<HTMLInputElement>(null);

  const tasks = useMemo(() => list.data?.pages.flatMap(({ data }) => data) ?? [], [list.data]);
  const byId = useMemo(() => new Map(tasks.map((task) => [task.id, task])), [tasks]);
  const current = tasks[Math.min(active, tasks.length - 1)];
  const chosen = selected.size > 0 ? tasks.filter(({ id }) => selected.has(id)) : current ? [current] : [];
  const show = (changes: Partial<TaskQuery>) => go(`/tasks${searchOf({ ...query, ...changes })}`, { replace: true });

  // What has left the list is no longer selected.
  useEffect(() => {
    setSelected((ids) => ([...ids].every((id) => byId.has(id)) ? ids : new Set([...ids].filter((id) => byId.has(id)))));
  }, [byId]);

  function act(what: Act, on: readonly Task[] = chosen) {
    setDialog(undefined);
    setSelected(new Set());
    void perform(what, on);
  }
  function toggleDone(on: readonly Task[] = chosen) {
    if (on.length > 0) act({ action: on.every(({ status }) => status !== 'open') ? 'reopen' : 'complete' }, on);
  }
  function toggleSelected(id: string) {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  }

  const move = (by: number) =>
    setActive((at) => Math.max(0, Math.min(tasks.length - 1, Math.min(at, tasks.length) + by)));
  const whenChosen = (work: () => void) => () => chosen.length > 0 && work();
  useHotkeys([
    ['n', () => setDialog('add')],
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['ArrowDown', () => move(1)],
    ['ArrowUp', () => move(-1)],
    ['Enter', whenChosen(() => current && show({ task: current.id })), { preventDefault: false }],
    ['o', whenChosen(() => current && show({ task: current.id }))],
    ['e', whenChosen(() => toggleDone())],
    ['d', whenChosen(() => setDialog('date'))],
    ['a', whenChosen(() => setDialog('assignee'))],
    ['x', whenChosen(() => current && toggleSelected(current.id))],
    ['shift+#', whenChosen(() => act({ action: 'delete' }))],
    ['#', whenChosen(() => act({ action: 'delete' }))],
    ['z', () => undoLast()],
    ['/', () => searchBox.current?.focus()],
    ['Escape', () => setSelected(new Set()), { preventDefault: false }],
  ]);

  const people = users.data?.data.filter(({ active: isActive }) => isActive) ?? [];
  const total = query.view === 'range' ? tasks.length : (counts.data?.[query.view] ?? tasks.length);
  return (
    <div className="tasks">
      <div className="page-head">
        <div>
          <h1>Tasks</h1>
          <Summary counts={counts.data} onLate={() => show({ view: 'overdue' })} />
        </div>
        <Button leftSection={<IconPlus size={18} />} onClick={() => setDialog('add')} aria-keyshortcuts="n">
          Add task
        </Button>
      </div>
      <div className="toolbar">
        <nav className="views" aria-label="Views">
          {VIEWS.map(([name, label]) => (
            <a
              key={name}
              href={`/tasks${searchOf({ ...query, view: name, task: undefined })}`}
              className={`view view-${name}`}
              aria-current={query.view === name ? 'page' : undefined}
              onClick={(event) => {
                event.preventDefault();
                setActive(0);
                show({ view: name, task: undefined });
              }}
            >
              {label} <span className="count">{counts.data ? counts.data[name].toLocaleString('en') : '·'}</span>
            </a>
          ))}
        </nav>
        <div className="filters">
          <Select
            aria-label="Whose tasks"
            size="sm"
            allowDeselect={false}
            data={[
              { value: 'me', label: 'My tasks' },
              ...(me.role === 'admin' ? [{ value: 'any', label: 'Everybody’s' }] : []),
              ...(me.role === 'admin'
                ? people.filter(({ id }) => id !== me.user?.id).map(({ id, name }) => ({ value: id, label: name }))
                : []),
            ]}
            value={query.assignee ?? 'me'}
            onChange={(value) => show({ assignee: value === 'me' || value === null ? undefined : value })}
            searchable={people.length > 8}
          />
          <TextInput
            ref={searchBox}
            size="sm"
            aria-label="Search tasks"
            placeholder="Search  /"
            leftSection={<IconSearch size={16} />}
            defaultValue={query.q}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
            onChange={({ currentTarget }) => show({ q: currentTarget.value.trim() })}
          />
        </div>
      </div>
      {list.isPending ? (
        <PageLoading />
      ) : list.isError ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : tasks.length === 0 ? (
        <Nothing
          query={query}
          add={() => setDialog('add')}
          clear={() => show({ q: '', type: undefined, priority: undefined })}
        />
      ) : (
        <TaskGrid
          tasks={tasks}
          total={total}
          today={today}
          active={Math.min(active, tasks.length - 1)}
          selected={selected}
          refused={refused}
          showsAssignee={query.assignee !== undefined}
          onActive={setActive}
          onSelect={toggleSelected}
          onOpen={(task) => show({ task: task.id })}
          onDone={(task) => toggleDone([task])}
          onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
        />
      )}
      {selected.size > 0 && (
        <BulkBar
          count={selected.size}
          onDone={() => toggleDone()}
          onDate={() => setDialog('date')}
          onAssignee={() => setDialog('assignee')}
          onDelete={() => act({ action: 'delete' })}
          onClear={() => setSelected(new Set())}
        />
      )}
      <AddTask opened={dialog === 'add'} onClose={() => setDialog(undefined)} today={today} users={people} />
      <PickDate
        opened={dialog === 'date'}
        today={today}
        onClose={() => setDialog(undefined)}
        onPick={(due) => act({ action: 'reschedule', due_date: due })}
      />
      <PickAssignee
        opened={dialog === 'assignee'}
        users={people}
        onClose={() => setDialog(undefined)}
        onPick={(user) => act({ action: 'reassign', assignee_id: user.id, assignee_name: user.name })}
      />
      <TaskDrawer
        id={query.task}
        onClose={() => show({ task: undefined })}
        today={today}
        users={people}
        perform={perform}
      />
    </div>
  );
}

function Summary({ counts, onLate }: { counts: { today: number; overdue: number } | undefined; onLate: () => void }) {
  if (!counts) return <p className="quiet">&nbsp;</p>;
  const { today, overdue } = counts;
  return (
    <p className="quiet">
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

function Nothing({ query, add, clear }: { query: TaskQuery; add: () => void; clear: () => void }) {
  if (query.q !== '' || query.type !== undefined || query.priority !== undefined) {
    return (
      <Empty title="No task matches">
        <p>Nothing in this view fits what you search for.</p>
        <Button variant="default" onClick={clear}>
          Clear the search
        </Button>
      </Empty>
    );
  }
  const done = query.view === 'today' || query.view === 'overdue';
  return (
    <Empty title={done ? 'All done here' : 'Nothing in this view'}>
      <p>
        {done ? 'Look at what is coming, or add what you do not want to forget.' : 'Tasks appear here by themselves.'}
      </p>
      <Button variant="default" onClick={add}>
        Add task
      </Button>
    </Empty>
  );
}
