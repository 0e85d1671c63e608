import { Button, CloseButton } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

interface Toast {
  id: number;
  text: string;
  kind: 'done' | 'error';
  undo: (() => void) | undefined;
}

interface Toasts {
  say(toast: { text: string; kind?: 'done' | 'error'; undo?: () => void }): void;
}

const Context = createContext<Toasts>({ say: () => undefined });

/** How long one has to read what was done; what failed stays until it is closed. */
const SHOWN_MS = 7_000;
const MOST = 3;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const say = useCallback<Toasts['say']>(
    ({ text, kind = 'done', undo }) => {
      const id = performance.now() + Math.random();
      setToasts((all) => [...all.slice(1 - MOST), { id, text, kind, undo }]);
      if (kind === 'done') setTimeout(() => close(id), SHOWN_MS);
    },
    [close],
  );
  const value = useMemo(() => ({ say }), [say]);
  return (
    <Context value={value}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text, kind, undo }) => (
          <div key={id} className={`toast toast-${kind}`}>
            <span>{text}</span>
            {undo && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                className="toast-undo"
                onClick={() => {
                  undo();
                  close(id);
                }}
              >
                Undo
              </Button>
            )}
            <CloseButton size="sm" aria-label="Close this message" onClick={() => close(id)} />
          </div>
        ))}
      </div>
    </Context>
  );
}

export function useToasts(): Toasts {
  return useContext(Context);
}
