import { TextInput } from '@mantine/core';
import { useMe } from '../shell/use-me';
import { instantAt, shownAt } from './local-time';

interface ReminderInputProps {
  /** An instant, ISO 8601; empty: none. */
  value: string;
  error?: string | undefined;
  onChange(value: string): void;
}

/** When to be reminded, in one's own time zone. The reminder itself comes from Salesforce, where the task is there. */
export function ReminderInput({ value, error, onChange }: ReminderInputProps) {
  const timeZone = useMe().user?.time_zone ?? 'UTC';
  return (
    <TextInput
      type="datetime-local"
      label="Reminder"
      description={`In Salesforce, at this time in ${timeZone}`}
      value={shownAt(value, timeZone)}
      error={error}
      onChange={({ currentTarget: { value: shown } }) =>
        onChange(shown === '' ? '' : instantAt(shown, timeZone).toISOString())
      }
    />
  );
}
