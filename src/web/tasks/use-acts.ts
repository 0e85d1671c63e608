import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import { type Act, afterAct, doneWords, patchPages, type Task, type TaskPages, undoOf } from './cache';

const MOST_AT_ONCE = 200;
const SHOWN_MS = 8_000;

interface Refusal {
  id: string;
  detail: string;
}

/**
 * Acts on tasks: seen at once, undone by one key, and taken back visibly where the server refuses. `refused` holds the
 * rows that came back, for as long as they are marked.
 */
export function useActs() {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const lastUndo = useRef<(() => void) | undefined>(undefined);

  const mark = useCallback((refusals: readonly Refusal[]) => {
    if (refusals.length === 0) return;
    setRefused(new Map(refusals.map(({ id, detail }) => [id, detail])));
    setTimeout(() => setRefused(new Map()), SHOWN_MS);
  }, []);

  const perform = useCallback(
    async (act: Act, tasks: readonly Task[], isUndo = false): Promise<void> => {
      const ids = tasks.slice(0, MOST_AT_ONCE).map(({ id }) => id);
      if (ids.length === 0) return;
      await queries.cancelQueries({ queryKey: ['tasks'] });
      const set = new Set(ids);
      for (const [key] of queries.getQueriesData<TaskPages>({ queryKey: ['tasks'] })) {
        const listsCompleted = ['completed', 'all'].includes((key[1] as { view?: string }).view ?? '');
        queries.setQueryData<TaskPages>(key, (pages) => patchPages(pages, set, afterAct(act, listsCompleted)));
      }
      const refusals = await send(act, ids);
      mark(refusals);
      const bad = new Set(refusals.map(({ id }) => id));
      const done = tasks.filter(({ id }) => set.has(id) && !bad.has(id));
      const undo = () => {
        lastUndo.current = undefined;
        for (const one of undoOf(act, done)) {
          const of = new Set(one.ids);
          void perform(
            one.act,
            done.filter(({ id }) => of.has(id)),
            true,
          );
        }
      };
      if (done.length > 0) {
        const text = doneWords(
          act,
          done.map(({ name }) => name),
        );
        lastUndo.current = isUndo ? undefined : undo;
        say(isUndo ? { text: `Undone: ${text}` } : { text, undo });
      }
      const [first] = refusals;
      if (first) {
        const name = tasks.find(({ id }) => id === first.id)?.name ?? 'The task';
        const rest = refusals.length > 1 ? ` So were ${refusals.length - 1} more.` : '';
        say({ text: `“${name}” was left as it was: ${first.detail}${rest}`, kind: 'error' });
      }
      await Promise.all(
        ['tasks', 'counts', 'task', 'history'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      );
    },
    [queries, say, mark],
  );

  const undoLast = useCallback(() => lastUndo.current?.(), []);
  return { perform, undoLast, refused };
}

async function send(act: Act, ids: string[]): Promise<Refusal[]> {
  const { action } = act;
  const body = {
    ids,
    action,
    ...(act.action === 'reschedule' && { due_date: act.due_date }),
    ...(act.action === 'reassign' && { assignee_id: act.assignee_id }),
    ...(act.action === 'set_priority' && { priority: act.priority }),
  };
  try {
    const { results } = await answerOf(api.POST('/v1/tasks/bulk', { body }));
    return results.filter(({ ok }) => !ok).map(({ id, error }) => ({ id, detail: error?.detail ?? 'It was refused.' }));
  } catch (error) {
    return ids.map((id) => ({ id, detail: sentenceOf(error) }));
  }
}
