import { TagsInput } from '@mantine/core';
import { addressesOf } from './written';

interface CopiesProps {
  label: string;
  /** With commas in between. */
  value: string;
  error?: string | undefined;
  onChange(value: string): void;
}

/** Addresses that get a copy: one after the other, by Enter, comma or space. */
export function Copies({ label, value, error, onChange }: CopiesProps) {
  return (
    <TagsInput
      label={label}
      placeholder={value === '' ? 'name@example.com' : ''}
      maxTags={20}
      splitChars={[',', ';', ' ']}
      acceptValueOnBlur
      clearable={false}
      value={addressesOf(value)}
      error={error}
      onChange={(addresses) => onChange([...new Set(addresses.map((one) => one.trim().toLowerCase()))].join(','))}
    />
  );
}
