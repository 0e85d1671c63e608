import { TextInput } from '@mantine/core';
import type { LimitField } from './channel-draft';

const FIELDS: readonly [LimitField, string][] = [
  ['connections', 'Connections at once'],
  ['per_second', 'Emails in a second'],
  ['per_minute', 'Emails in a minute'],
  ['per_domain_per_minute', 'Emails in a minute to one domain'],
  ['per_day', 'Emails in 24 hours'],
  ['batch_size', 'Emails in a batch'],
  ['batch_wait_seconds', 'Rest after a batch, seconds'],
  ['gap_min_ms', 'Pause after each email, seconds, from'],
  ['gap_max_ms', 'Pause after each email, seconds, to'],
];

interface Props {
  values: Record<LimitField, string>;
  set: (field: LimitField, value: string) => void;
}

/** How fast a channel sends: closed until somebody wants to know. */
export function ChannelLimits({ values, set }: Props) {
  return (
    <details>
      <summary>Limits</summary>
      <div className="stack">
        <p className="quiet">Empty: without this limit. What is over a limit waits and goes out later.</p>
        {FIELDS.map(([field, label]) => (
          <TextInput
            key={field}
            label={label}
            inputMode="decimal"
            pattern={field.startsWith('gap') ? '[0-9]+([.][0-9]+)?' : '[0-9]+'}
            value={values[field]}
            onChange={({ currentTarget }) => set(field, currentTarget.value)}
          />
        ))}
      </div>
    </details>
  );
}
