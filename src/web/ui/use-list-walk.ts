import { useEffect, useMemo, useRef, useState } from 'react';
import { toggled, withRange } from './selection';

interface WalkOptions {
  /** What the list holds, in its order. */
  ids: readonly string[];
  /** What is open beside the list. */
  openId: string | undefined;
  /** Undefined: nothing any more. */
  onOpen(id: string | undefined): void;
}

const NONE: ReadonlySet<string> = new Set();

/** A list that is walked by keys, with what is selected in it and one of them open beside it. */
export function useListWalk({ ids, openId, onOpen }: WalkOptions) {
  const [active, setActive] = useState(0);
  const [selected, setSelected] = useState(NONE);
  const anchor = useRef(0);
  const at = Math.max(0, Math.min(active, ids.length - 1));
  // What has left the list is no longer selected.
  const chosenIds = useMemo(() => new Set(ids.filter((id) => selected.has(id))), [ids, selected]);

  // What is opened by its address is where the keys begin.
  const openedAt = openId === undefined ? -1 : ids.indexOf(openId);
  useEffect(() => {
    if (openedAt >= 0) setActive(openedAt);
  }, [openedAt]);

  function move(by: number, extend = false) {
    const next = Math.max(0, Math.min(ids.length - 1, at + by));
    setActive(next);
    if (extend) setSelected(withRange(ids, chosenIds, at, next));
    anchor.current = next;
    if (openId !== undefined && ids[next] !== undefined) onOpen(ids[next]);
  }
  function select(index: number, isRange: boolean) {
    const id = ids[index];
    if (id === undefined) return;
    setSelected(isRange ? withRange(ids, chosenIds, anchor.current, index) : toggled(chosenIds, id));
    anchor.current = index;
  }
  function goTo(index: number) {
    setActive(index);
    anchor.current = index;
  }
  const clear = () => setSelected(NONE);
  const selectAll = () => setSelected(chosenIds.size === ids.length ? NONE : new Set(ids));
  const open = () => ids[at] !== undefined && onOpen(ids[at]);
  /** Another list is shown from now on. */
  function reset() {
    setActive(0);
    clear();
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    'shift+j': () => move(1, true),
    'shift+k': () => move(-1, true),
    'shift+ArrowDown': () => move(1, true),
    'shift+ArrowUp': () => move(-1, true),
    Home: () => move(-ids.length),
    End: () => move(ids.length),
    Enter: open,
    o: open,
    x: () => select(at, false),
    'shift+x': () => select(at, true),
    'mod+a': selectAll,
    Escape: () => (chosenIds.size > 0 ? clear() : openId !== undefined && onOpen(undefined)),
  };
  return { at, chosenIds, keys, goTo, select, selectAll, clear, reset };
}
