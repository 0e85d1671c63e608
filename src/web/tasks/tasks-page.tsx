import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useKeys } from '../shell/use-keys';
import { useMe } from '../shell/use-me';
import { Failed } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useListWalk } from '../ui/use-list-walk';
import { useMore } from '../ui/use-more';
import { useTitle } from '../ui/use-title';
import type { Act } from './acts';
import { AddTask } from './add-task';
import { BulkBar } from './bulk-bar';
import { CompleteCall } from './complete-call';
import { todayIn } from './due';
import type { Task } from './lists';
import { PickAssignee, PickDate, PickSnooze } from './pickers';
import { ProblemsBanner } from './problems-banner';
import { useCounts, useTasks, useUsers } from './queries';
import { TaskGrid } from './task-grid';
import { TaskPanel } from './task-panel';
import { Nothing, RowsLoading } from './task-states';
import { Summary, Toolbar, Views } from './toolbar';
import { useActs } from './use-acts';
import { parseQuery, searchOf, type TaskQuery, viewLabel } from './views';
import './tasks.css';

/** What is being asked, and of which tasks. */
type Question = { what: 'add' } | { what: 'date' | 'assignee' | 'snooze'; of: readonly Task[] };

export function TasksPage() {
  const me = useMe();
  const [, go] = useLocation();
  const search = useSearch();
  const query = useMemo(() => parseQuery(search), [search]);
  useTitle(`${viewLabel(query.view)} · Tasks`);
  const today = todayIn(me.time_zone, useNow(30_000));
  const list = useTasks(query);
  const counts = useCounts(query);
  const users = useUsers();
  const { perform, undoLast, refused } = useActs();
  const [question, setQuestion] = useState<Question>();
  const [call, setCall] = useState<Task>();
  const searchBox = useRef<HTMLInputElement>(null);

  const tasks = useMemo(() => list.data?.pages.flatMap(({ data }) => data) ?? [], [list.data]);
  const ids = useMemo(() => tasks.map(({ id }) => id), [tasks]);
  const show = useCallback(
    (changes: Partial<TaskQuery>) => go(`/tasks${searchOf({ ...query, ...changes })}`, { replace: true }),
    [go, query],
  );
  const walk = useListWalk({ ids, openId: query.task, onOpen: (task) => show({ task }) });
  const { chosenIds } = walk;
  const current = tasks[walk.at];
  const opened = tasks.find(({ id }) => id === query.task);
  const alone = opened ?? current;
  const chosen = chosenIds.size > 0 ? tasks.filter(({ id }) => chosenIds.has(id)) : alone ? [alone] : [];

  function act(what: Act, on: readonly Task[] = chosen) {
    setQuestion(undefined);
    walk.clear();
    // Next to a task that leaves the list, the one that takes its place is shown.
    const isShown = query.task !== undefined && on.some(({ id }) => id === query.task);
    const leaves = ['complete', 'skip', 'delete', 'snooze'].includes(what.action);
    if (isShown && leaves) show({ task: undefined });
    void perform(what, on);
  }
  function finish(on: readonly Task[] = chosen) {
    const [first] = on;
    if (!first) return;
    if (on.every(({ status }) => status !== 'open')) return act({ action: 'reopen' }, on);
    if (on.length === 1 && first.type === 'call') return setCall(first);
    act({ action: 'complete' }, on);
  }
  const ask = (what: 'date' | 'assignee' | 'snooze', of: readonly Task[] = chosen) =>
    of.length > 0 && setQuestion({ what, of });

  useKeys({
    ...walk.keys,
    n: () => setQuestion({ what: 'add' }),
    e: () => finish(),
    d: () => ask('date'),
    a: () => ask('assignee'),
    h: () => ask('snooze'),
    s: () => chosen.length > 0 && act({ action: 'skip' }),
    '#': () => chosen.length > 0 && act({ action: 'delete' }),
    Delete: () => chosen.length > 0 && act({ action: 'delete' }),
    z: undoLast,
    'mod+z': undoLast,
    '/': () => searchBox.current?.focus(),
  });

  const people = useMemo(() => users.data?.data.filter((user) => user.active) ?? [], [users.data]);
  const total = query.view === 'range' ? tasks.length : (counts.data?.[query.view] ?? tasks.length);
  const onEnd = useMore(list);
  const asked = question?.what === 'add' ? undefined : question;
  const close = () => setQuestion(undefined);
  return (
    <div className="tasks">
      <div className="page-head">
        <div>
          <h1>Tasks</h1>
          <Summary counts={counts.data} onLate={() => show({ view: 'overdue' })} />
        </div>
        <Toolbar query={query} me={me} people={people} searchBox={searchBox} show={show} />
        <Button
          className="add-button"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => setQuestion({ what: 'add' })}
          aria-keyshortcuts="n"
        >
          Add task
        </Button>
      </div>
      <Views
        query={query}
        counts={counts.data}
        onShow={(changes) => {
          walk.reset();
          show(changes);
        }}
      />
      <ProblemsBanner />
      <div className="tasks-body">
        <div className="list" aria-busy={list.isPlaceholderData}>
          {list.isPending ? (
            <RowsLoading />
          ) : list.isError && tasks.length === 0 ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : tasks.length === 0 ? (
            <Nothing
              query={query}
              late={counts.data?.overdue ?? 0}
              onAdd={() => setQuestion({ what: 'add' })}
              show={show}
            />
          ) : (
            <TaskGrid
              tasks={tasks}
              view={query.view}
              total={total}
              today={today}
              active={walk.at}
              selected={chosenIds}
              refused={refused}
              showsAssignee={query.assignee !== undefined}
              isLoadingMore={list.isFetchingNextPage}
              onActive={walk.goTo}
              onSelect={walk.select}
              onSelectAll={walk.selectAll}
              onOpen={({ id }) => show({ task: id })}
              onDone={(task) => finish([task])}
              onEnd={onEnd}
            />
          )}
        </div>
        <TaskPanel
          id={query.task}
          known={opened}
          today={today}
          users={people}
          onClose={() => show({ task: undefined })}
          onDone={(task) => finish([task])}
          onSkip={(task) => act({ action: 'skip' }, [task])}
          onSnooze={(task) => ask('snooze', [task])}
          onWake={(task) => act({ action: 'snooze', until: null }, [task])}
          onDelete={(task) => act({ action: 'delete' }, [task])}
        />
      </div>
      {chosenIds.size > 0 && (
        <BulkBar
          count={chosenIds.size}
          areDone={chosen.every(({ status }) => status !== 'open')}
          onDone={() => finish()}
          onDate={() => ask('date')}
          onAssignee={() => ask('assignee')}
          onSnooze={() => ask('snooze')}
          onAct={(what) => act(what)}
          onClear={() => walk.clear()}
        />
      )}
      <AddTask opened={question?.what === 'add'} onClose={close} today={today} users={people} />
      <PickDate
        opened={asked?.what === 'date'}
        today={today}
        onClose={close}
        onPick={(due) => act({ action: 'reschedule', due_date: due }, asked?.of)}
      />
      <PickSnooze
        opened={asked?.what === 'snooze'}
        timeZone={me.time_zone}
        onClose={close}
        onPick={(until) => act({ action: 'snooze', until }, asked?.of)}
      />
      <PickAssignee
        opened={asked?.what === 'assignee'}
        users={people}
        onClose={close}
        onPick={({ id, name }) => act({ action: 'reassign', assignee_id: id, assignee_name: name }, asked?.of)}
      />
      <CompleteCall
        task={call}
        onClose={() => setCall(undefined)}
        onDone={(outcome) => {
          setCall(undefined);
          if (call) act({ action: 'complete', call: outcome }, [call]);
        }}
      />
    </div>
  );
}
