import { Select } from '@mantine/core';
import { useMemo } from 'react';

interface ZoneProps {
  value: string;
  error?: string | undefined;
  onChange(zone: string): void;
}

export function TimeZoneSelect({ value, error, onChange }: ZoneProps) {
  const zones = useMemo(() => {
    const known = Intl.supportedValuesOf('timeZone');
    return value === '' || known.includes(value) ? known : [value, ...known];
  }, [value]);
  return (
    <Select
      label="Time zone"
      placeholder="Not known"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'No time zone' }}
      data={zones}
      limit={60}
      value={value || null}
      error={error}
      onChange={(zone) => onChange(zone ?? '')}
      nothingFoundMessage="No such time zone"
    />
  );
}
