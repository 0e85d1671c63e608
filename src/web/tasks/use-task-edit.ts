import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answerOf, api } from '../api/client';
import { Problem } from '../api/problem';
import { changedFields, rebased } from '../ui/rebase';
import { useToasts } from '../ui/toasts';
import { bodyOf, type Draft, type DraftField, draftOf } from './draft';
import type { Task } from './lists';

/**
 * Editing a task that others may change at the same time: their changes of other fields are taken in as they come; where
 * both changed one field, the person decides.
 */
export function useTaskEdit(task: Task) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [base, setBase] = useState(task);
  const [draft, setDraft] = useState(() => draftOf(task));
  const [clashes, setClashes] = useState<readonly DraftField[]>([]);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const changed = changedFields(draftOf(base), draft);

  // Derived while drawing, as React asks for it: an effect would first draw the old state.
  if (task.version !== base.version && !busy) takeIn(task);

  function takeIn(theirs: Task): void {
    const result = rebased(draftOf(base), draft, draftOf(theirs));
    setBase(theirs);
    setDraft(result.draft);
    setClashes(result.clashes);
  }

  async function save(): Promise<void> {
    if (busy || changed.length === 0) return;
    setBusy(true);
    setWrong(undefined);
    try {
      await store(await patched(base, draft));
    } catch (error) {
      setWrong(error);
    } finally {
      setBusy(false);
    }
  }

  /** Saves; where somebody else was quicker, once more on what they left, unless it is the same field. */
  async function patched(from: Task, edited: Draft): Promise<Task | undefined> {
    try {
      return await patch(from, bodyOf(draftOf(from), edited));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'version_mismatch') throw error;
      const theirs = await answerOf(api.GET('/v1/tasks/{id}', { params: { path: { id: from.id } } }));
      const result = rebased(draftOf(from), edited, draftOf(theirs));
      if (result.clashes.length === 0) return await patch(theirs, bodyOf(draftOf(theirs), result.draft));
      setBase(theirs);
      setDraft(result.draft);
      setClashes(result.clashes);
      queries.setQueryData(['task', task.id], theirs);
      await queries.invalidateQueries({ queryKey: ['history', task.id] });
      return undefined;
    }
  }

  async function store(saved: Task | undefined): Promise<void> {
    if (!saved) return;
    setBase(saved);
    setDraft(draftOf(saved));
    setClashes([]);
    queries.setQueryData(['task', task.id], saved);
    say({ text: 'Saved.' });
    await Promise.all(['tasks', 'counts', 'history'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  }

  // A tab closed with unsaved words asks first.
  const isDirty = changed.length > 0;
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);

  return {
    draft,
    isDirty,
    clashes,
    wrong,
    busy,
    set: (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change })),
    save,
    /** Gives up one's own edits for what is there now. */
    reload: () => {
      setBase(task);
      setDraft(draftOf(task));
      setClashes([]);
      setWrong(undefined);
    },
  };
}

function patch(task: Task, body: Record<string, string | null>): Promise<Task> {
  const params = { path: { id: task.id }, header: { 'If-Match': `"v${task.version}"` } };
  return answerOf(api.PATCH('/v1/tasks/{id}', { params, body }));
}
