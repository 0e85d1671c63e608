import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '../api/problem';
import { changedFields, rebased, type Texts } from './rebase';
import { useToasts } from './toasts';
import { useAskBeforeLeaving } from './leaving';

interface Versioned {
  id: string;
  version: number;
}

interface EditOf<T extends Versioned, D extends Texts<D>> {
  item: T;
  /** What is edited of it, as inputs hold it. */
  draftOf(item: T): D;
  /** Two drafts with the same fields, where an item has fields of its own. */
  aligned?(one: D, other: D): [D, D];
  /** Stores what differs, on the version that `item` is. */
  patch(item: T, before: D, after: D): Promise<T>;
  read(id: string): Promise<T>;
  /** Where it is kept; `lists` are asked again once it was changed, by oneself or by others. */
  key: string;
  lists: readonly string[];
}

/**
 * Editing what others may change at the same time: their changes of other fields are taken in as they come; where both
 * changed one field, the person decides.
 */
export function useEdit<T extends Versioned, D extends Texts<D>>(of: EditOf<T, D>) {
  const { item, draftOf, patch, read, key, lists, aligned = (one: D, other: D) => [one, other] as [D, D] } = of;
  const queries = useQueryClient();
  const { say } = useToasts();
  const [base, setBase] = useState(item);
  const [draft, setDraft] = useState(() => draftOf(item));
  const [clashes, setClashes] = useState<readonly (keyof D)[]>([]);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const changed = changedFields(...aligned(draftOf(base), draft));

  // Derived while drawing, as React asks for it: an effect would first draw the old state.
  if (item.version !== base.version && !busy) takeIn(item, onto(base, draft, item));

  /** One's own edits on what it has become. */
  function onto(from: T, mine: D, theirs: T): ReturnType<typeof rebased<D>> {
    const [one, other] = aligned(draftOf(from), draftOf(theirs));
    const [before, edited] = aligned(one, mine);
    return rebased(before, edited, aligned(other, edited)[0]);
  }

  function takeIn(theirs: T, result: ReturnType<typeof rebased<D>>): void {
    setBase(theirs);
    setDraft(result.draft);
    setClashes(result.clashes);
  }

  async function save(): Promise<T | undefined> {
    if (busy || changed.length === 0) return undefined;
    setBusy(true);
    setWrong(undefined);
    try {
      const saved = await patched(base, draft);
      if (saved) await store(saved);
      return saved;
    } catch (error) {
      setWrong(error);
      return undefined;
    } finally {
      setBusy(false);
    }
  }

  /** Saves; where somebody else was quicker, once more on what they left, unless it is the same field. */
  async function patched(from: T, edited: D): Promise<T | undefined> {
    try {
      return await patch(from, ...aligned(draftOf(from), edited));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'version_mismatch') throw error;
      const theirs = await read(from.id);
      const result = onto(from, edited, theirs);
      if (result.clashes.length === 0) return await patch(theirs, ...aligned(draftOf(theirs), result.draft));
      takeIn(theirs, result);
      queries.setQueryData([key, from.id], theirs);
      // Who changed it is in a history, say.
      await readAgain();
      return undefined;
    }
  }

  async function store(saved: T): Promise<void> {
    setBase(saved);
    setDraft(draftOf(saved));
    setClashes([]);
    queries.setQueryData([key, saved.id], saved);
    say({ text: 'Saved.' });
    await readAgain();
  }

  const readAgain = () => Promise.all(lists.map((list) => queries.invalidateQueries({ queryKey: [list] })));

  useAskBeforeLeaving(changed.length > 0);
  return {
    draft,
    isDirty: changed.length > 0,
    clashes,
    wrong,
    busy,
    /** What is wrong with one field of it. */
    fault: (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined),
    set: (change: Partial<D>) => setDraft((now) => ({ ...now, ...change })),
    save,
    /** Gives up one's own edits for what is there now. */
    reload: () => {
      setBase(item);
      setDraft(draftOf(item));
      setClashes([]);
      setWrong(undefined);
    },
  };
}
