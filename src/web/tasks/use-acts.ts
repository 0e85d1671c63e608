import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { isActUnderWay, underWay } from '../api/under-way';
import { useMe } from '../shell/use-me';
import { useToasts } from '../ui/toasts';
import { type Act, afterAct, doneWords, refusedWords, undoneWords, undoOf } from './acts';
import { todayIn } from './due';
import { type Counts, countsAfter, type ListQuery, type Looker, type Narrow, putTasks } from './lists';
import type { Task, TaskPages } from './lists';

/** As many as the API takes at once. */
const MOST_AT_ONCE = 200;
const REFUSAL_SHOWN_MS = 12_000;

export type Perform = (act: Act, tasks: readonly Task[]) => Promise<void>;

/**
 * Acts on tasks: seen at once, undone by one key, and taken back visibly where the server refuses. `refused` holds the
 * rows that came back, for as long as they are marked.
 */
export function useActs() {
  const queries = useQueryClient();
  const me = useMe();
  const { say } = useToasts();
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const lastUndo = useRef<(() => void) | undefined>(undefined);
  const run = useRef<(act: Act, tasks: readonly Task[], isUndo: boolean) => Promise<void>>(null);

  const show = useCallback(
    (changes: readonly { before: Task; after: Task }[]) => {
      const now = new Date();
      const looker: Looker = { now, today: todayIn(me.time_zone, now), me: me.user?.id };
      const after = changes.map((change) => change.after);
      for (const [key] of queries.getQueriesData<TaskPages>({ queryKey: ['tasks'] })) {
        const list = key[1] as ListQuery;
        queries.setQueryData<TaskPages>(key, (pages) => pages && putTasks(pages, list, after, looker));
      }
      for (const [key] of queries.getQueriesData<Counts>({ queryKey: ['counts'] })) {
        const narrow = key[1] as Narrow;
        queries.setQueryData<Counts>(key, (counts) => counts && countsAfter(counts, narrow, changes, looker));
      }
      for (const task of after) {
        queries.setQueryData<Task>(['task', task.id], (shown) => shown && task);
      }
    },
    [queries, me],
  );

  const perform = useCallback(
    async (act: Act, tasks: readonly Task[], isUndo: boolean): Promise<void> => {
      if (tasks.length === 0) return;
      // An answer that is on its way is older than what is shown from now on.
      await Promise.all(['tasks', 'counts', 'task'].map((key) => queries.cancelQueries({ queryKey: [key] })));
      const now = new Date();
      const changes = tasks.map((before) => ({ before, after: afterAct(act, before, now) }));
      show(changes);
      const refusals = await underWay(() => send(act, tasks));
      const back = changes.filter(({ before }) => refusals.has(before.id));
      if (back.length > 0) {
        show(back.map(({ before, after }) => ({ before: after, after: before })));
        setRefused(refusals);
      }
      const done = tasks.filter(({ id }) => !refusals.has(id));
      const names = done.map(({ name }) => name);
      const undo = () => {
        lastUndo.current = undefined;
        const shown = new Map(changes.map(({ after }) => [after.id, after]));
        for (const one of undoOf(act, done)) {
          const of = one.ids.flatMap((id) => shown.get(id) ?? []);
          void run.current?.(one.act, of, true);
        }
      };
      if (back.length > 0) {
        const words = back.map(({ before }) => ({ name: before.name, detail: refusals.get(before.id) ?? '' }));
        say({ text: refusedWords(done.length, words), kind: 'error', ...(done.length > 0 && !isUndo && { undo }) });
      } else {
        say(isUndo ? { text: undoneWords(names) } : { text: doneWords(act, names), undo });
      }
      if (done.length > 0) lastUndo.current = isUndo ? undefined : undo;
      // Asking while another act is under way would show its tasks as they were.
      if (isActUnderWay()) return;
      const keys = ['tasks', 'counts', 'task', 'history'];
      await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
    [queries, say, show],
  );
  useEffect(() => {
    run.current = perform;
  }, [perform]);
  useEffect(() => {
    if (refused.size === 0) return;
    const timer = setTimeout(() => setRefused(new Map()), REFUSAL_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [refused]);

  const act = useCallback<Perform>((what, tasks) => perform(what, tasks, false), [perform]);
  const undoLast = useCallback(() => lastUndo.current?.(), []);
  return { perform: act, undoLast, refused };
}

/** What was refused, by the task's id. */
async function send(act: Act, tasks: readonly Task[]): Promise<Map<string, string>> {
  const refusals = new Map<string, string>();
  for (let at = 0; at < tasks.length; at += MOST_AT_ONCE) {
    const some = tasks.slice(at, at + MOST_AT_ONCE);
    for (const [id, detail] of await sendSome(act, some)) refusals.set(id, detail);
  }
  return refusals;
}

async function sendSome(act: Act, tasks: readonly Task[]): Promise<Map<string, string>> {
  try {
    if (act.action === 'snooze') return await oneByOne(tasks, (task) => snooze(task, act.until));
    if (act.action === 'complete' && act.call) return await oneByOne(tasks, (task) => complete(task, act.call));
    return await sendTogether(act, tasks);
  } catch (error) {
    return new Map(tasks.map(({ id }) => [id, sentenceOf(error)]));
  }
}

async function sendTogether(act: Exclude<Act, { action: 'snooze' }>, tasks: readonly Task[]) {
  const body = {
    ids: tasks.map(({ id }) => id),
    action: act.action,
    ...(act.action === 'reschedule' && { due_date: act.due_date }),
    ...(act.action === 'reassign' && { assignee_id: act.assignee_id }),
    ...(act.action === 'set_priority' && { priority: act.priority }),
  };
  const { results } = await answerOf(api.POST('/v1/tasks/bulk', { body }));
  const refused = results.filter(({ ok }) => !ok);
  return new Map(refused.map(({ id, error }) => [id, error?.detail ?? 'It was refused.']));
}

async function oneByOne(tasks: readonly Task[], work: (task: Task) => Promise<unknown>) {
  const refusals = new Map<string, string>();
  const inTurn = [...tasks];
  const worker = async () => {
    for (let task = inTurn.shift(); task; task = inTurn.shift()) {
      const { id } = task;
      await work(task).catch((error: unknown) => refusals.set(id, sentenceOf(error)));
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return refusals;
}

const snooze = ({ id }: Task, until: string | null) =>
  answerOf(api.POST('/v1/tasks/{id}/snooze', { params: { path: { id } }, body: { until } }));

const complete = ({ id }: Task, call: { outcome: string; reason: string } | undefined) =>
  answerOf(
    api.POST('/v1/tasks/{id}/complete', {
      params: { path: { id } },
      body: { call_outcome: call?.outcome || null, call_reason: call?.reason || null },
    }),
  );
