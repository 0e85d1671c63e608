import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';

interface SearchBoxProps {
  label: string;
  q: string;
  box: RefObject<HTMLInputElement | null>;
  onSearch(q: string): void;
}

/** Searches as one types; the / key leads here. */
export function SearchBox({ label, q, box, onSearch }: SearchBoxProps) {
  const [text, setText] = useState(q);
  const search = useDebouncedCallback((typed: string) => onSearch(typed.trim()), 180);
  // The address can change by itself: back, or the search cleared elsewhere.
  useEffect(() => setText((typed) => (typed.trim() === q ? typed : q)), [q]);
  return (
    <TextInput
      ref={box}
      className="search"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder="Search  /"
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      value={text}
      onKeyDown={({ key, currentTarget }) => (key === 'Escape' || key === 'Enter') && currentTarget.blur()}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value);
      }}
    />
  );
}
