import { type KeyboardEvent, type ReactNode, useRef } from 'react';

export interface Tab {
  value: string;
  label: string;
  count: number | undefined;
  /** Something there wants a person. */
  isBad?: boolean;
}

interface TabsProps {
  id: string;
  label: string;
  tabs: readonly Tab[];
  selected: string;
  /** The id of the panel. */
  controls: string;
  className: string;
  onSelect(value: string): void;
}

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Tabs whose panel comes from the server: the arrow keys walk, Enter or Space opens. */
export function Tabs({ id, label, tabs, selected, controls, className, onSelect }: TabsProps): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>, at: number) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    list.current?.querySelectorAll<HTMLButtonElement>('[role=tab]')[step(at, tabs.length)]?.focus();
  }
  return (
    <div ref={list} role="tablist" aria-label={label} className={className}>
      {tabs.map(({ value, label: name, count, isBad }, at) => (
        <button
          key={value}
          type="button"
          role="tab"
          id={`${id}-${value}`}
          aria-selected={value === selected}
          aria-controls={value === selected ? controls : undefined}
          tabIndex={value === selected ? 0 : -1}
          className={isBad ? 'tab tab-bad' : 'tab'}
          onKeyDown={(event) => onKeyDown(event, at)}
          onClick={() => onSelect(value)}
        >
          {name} <span className="count">{count === undefined ? '·' : count.toLocaleString('en')}</span>
        </button>
      ))}
    </div>
  );
}
