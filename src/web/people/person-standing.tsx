import { Select, Switch } from '@mantine/core';
import { useMe } from '../shell/use-me';
import { useUsers } from '../tasks/queries';
import type { Person } from './people-query';
import type { PersonDraft } from './person-draft';

interface StandingProps {
  person: Person;
  draft: PersonDraft;
  fault(field: string): string | undefined;
  set(change: PersonDraft): void;
}

const NOBODY = 'nobody';

/** Whose the person is, and who sees them. */
export function Standing({ person, draft, fault, set }: StandingProps) {
  const { user, role } = useMe();
  const users = useUsers();
  const { owner } = person;
  const active = (users.data?.data ?? []).filter((one) => one.active);
  const known = owner && !active.some(({ id }) => id === owner.id) ? [owner, ...active] : active;
  const mayShare = role === 'admin' || owner?.id === user?.id;
  return (
    <>
      {role === 'admin' ? (
        <Select
          label="Owner"
          searchable
          allowDeselect={false}
          data={[{ value: NOBODY, label: 'Nobody' }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          value={draft.owner_id || NOBODY}
          error={fault('owner_id')}
          onChange={(id) => set({ owner_id: id === null || id === NOBODY ? '' : id })}
        />
      ) : (
        <p className="quiet">Owner: {owner?.name ?? 'nobody'}</p>
      )}
      <Switch
        label="Shared with the team"
        description={
          mayShare ? 'The whole team sees them, and may change them.' : 'Their owner and admins decide this.'
        }
        disabled={!mayShare}
        checked={draft.shared === 'yes'}
        onChange={({ currentTarget }) => set({ shared: currentTarget.checked ? 'yes' : '' })}
      />
    </>
  );
}
