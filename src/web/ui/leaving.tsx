import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Confirm } from './confirm';

/** Counts a form that has unsaved words; what it returns counts it no more. */
type CountUnsaved = () => () => void;

const Unsaved = createContext<CountUnsaved>(() => () => undefined);

/** Asks before a link leaves unsaved words behind. */
export function LeavingProvider({ children }: { children: ReactNode }) {
  const [, go] = useLocation();
  const [asked, setAsked] = useState<string>();
  const unsaved = useRef(0);
  const count = useCallback<CountUnsaved>(() => {
    unsaved.current += 1;
    return () => {
      unsaved.current -= 1;
    };
  }, []);
  useEffect(() => {
    function onClick(event: MouseEvent) {
      const to = unsaved.current > 0 ? leadsTo(event) : undefined;
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      setAsked(to);
    }
    // Before the link itself hears of it.
    document.addEventListener('click', onClick, { capture: true });
    return () => document.removeEventListener('click', onClick, { capture: true });
  }, []);
  return (
    <Unsaved.Provider value={count}>
      {children}
      <Confirm
        opened={asked !== undefined}
        title="Leave without saving?"
        answers={[
          {
            label: 'Leave',
            color: 'red',
            run: () => {
              setAsked(undefined);
              if (asked !== undefined) go(asked);
            },
          },
        ]}
        onClose={() => setAsked(undefined)}
      >
        <p>What you changed here is not saved.</p>
      </Confirm>
    </Unsaved.Provider>
  );
}

/**
 * Asks first when a tab with unsaved words is closed, and when a link leads away from them, unless they are kept
 * (`isKept`) for whoever comes back.
 */
export function useAskBeforeLeaving(isDirty: boolean, { isKept = false } = {}): void {
  const count = useContext(Unsaved);
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  useEffect(() => (isDirty && !isKept ? count() : undefined), [isDirty, isKept, count]);
}

/** The other page of ours that a click leads to, in this tab. */
function leadsTo({ button, metaKey, ctrlKey, shiftKey, altKey, target }: MouseEvent): string | undefined {
  const link = target instanceof Element ? target.closest('a') : null;
  if (!link || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return undefined;
  if (link.target === '_blank' || link.hasAttribute('download') || link.origin !== location.origin) return undefined;
  const to = link.pathname + link.search;
  return to === location.pathname + location.search ? undefined : to + link.hash;
}
