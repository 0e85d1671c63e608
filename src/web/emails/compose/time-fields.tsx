import { Select, TextInput } from '@mantine/core';
import { useNow } from '../../ui/use-now';
import { type Later, timeSentence, type Zones } from './send-time';

interface TimeFieldsProps {
  later: Later;
  zones: Zones;
  /** What the server refused, by field. */
  fault(field: string): string | undefined;
  onChange(later: Later): void;
}

export function TimeFields({ later, zones, fault, onChange }: TimeFieldsProps) {
  const now = useNow(30_000);
  const sentence = timeSentence(later, zones, now);
  const theirs =
    zones.recipient === undefined
      ? 'Where each of them is'
      : zones.recipient === null
        ? 'The recipient’s (not known: yours)'
        : `The recipient’s (${zones.recipient})`;
  return (
    <>
      <div className="two">
        <TextInput
          type="date"
          label="Day"
          required
          value={later.date}
          error={fault('schedule.date') ?? fault('schedule.at') ?? fault('date')}
          onChange={({ currentTarget }) => onChange({ ...later, date: currentTarget.value })}
        />
        <TextInput
          type="time"
          label="Time"
          required
          value={later.time}
          error={fault('schedule.time') ?? fault('time')}
          onChange={({ currentTarget }) => onChange({ ...later, time: currentTarget.value })}
        />
      </div>
      <Select
        label="On whose clock"
        allowDeselect={false}
        data={[
          { value: 'own', label: `Yours (${zones.own})` },
          { value: 'recipient', label: theirs },
          { value: 'named', label: 'Another time zone' },
        ]}
        value={later.zone}
        onChange={(zone) => zone && onChange({ ...later, zone: zone })}
      />
      {later.zone === 'named' && (
        <Select
          label="Time zone"
          searchable
          allowDeselect={false}
          limit={60}
          data={Intl.supportedValuesOf('timeZone')}
          value={later.named}
          error={fault('schedule.time_zone') ?? fault('time_zone')}
          onChange={(named) => named && onChange({ ...later, named })}
        />
      )}
      {sentence && (
        <p className={sentence.isPast ? 'instant instant-past' : 'instant'} aria-live="polite">
          {sentence.text}
        </p>
      )}
    </>
  );
}
