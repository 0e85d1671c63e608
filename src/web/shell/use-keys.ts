import { useEffect, useRef } from 'react';
import { keyName } from './key-name';

export type KeyTable = Readonly<Record<string, () => void>>;

/** Keys that buttons, menus and lists have a use of their own for. */
const OWN_USE: Readonly<Record<string, string>> = {
  Enter: 'button, a, [role=option], [role=menuitem]',
  ArrowUp: '[role=radiogroup], [role=menu], [role=listbox], [role=toolbar]',
  ArrowDown: '[role=radiogroup], [role=menu], [role=listbox], [role=toolbar]',
};

/** Commands by key, for as long as one is neither typing nor asked something in front of the page. */
export function useKeys(table: KeyTable): void {
  const current = useRef(table);
  useEffect(() => {
    current.current = table;
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const name = event.defaultPrevented || event.isComposing ? undefined : keyName(event);
      const command = name === undefined ? undefined : current.current[name];
      if (!command || !(event.target instanceof Element)) return;
      if (event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable=true]')) return;
      const taken = OWN_USE[event.key];
      if (taken !== undefined && event.target.closest(taken)) return;
      if (document.querySelector('[aria-modal=true]')) return;
      event.preventDefault();
      command();
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
