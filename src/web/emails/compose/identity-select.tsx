import { Select } from '@mantine/core';
import { Link } from 'wouter';
import { useIdentities } from '../queries';

interface IdentitySelectProps {
  /** Empty: the default one. */
  value: string;
  error?: string | undefined;
  onChange(id: string): void;
}

/** As whom one writes. */
export function IdentitySelect({ value, error, onChange }: IdentitySelectProps) {
  const identities = useIdentities();
  const all = identities.data?.data ?? [];
  if (identities.data && all.length === 0) {
    return (
      <p className="quiet">
        You have no address to write as yet: what you write can be kept, not sent.{' '}
        <Link href="/settings/email">Add one</Link>
      </p>
    );
  }
  return (
    <Select
      label="From"
      allowDeselect={false}
      data={all.map(({ id, name, email, verified_at: verified }) => ({
        value: id,
        label: `${name} <${email}>${verified === null ? ' (not confirmed)' : ''}`,
      }))}
      value={value || (all.find(({ is_default: isDefault }) => isDefault)?.id ?? null)}
      error={error}
      onChange={(id) => id && onChange(id)}
    />
  );
}
