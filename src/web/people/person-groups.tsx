import { CloseButton } from '@mantine/core';
import { useMe } from '../shell/use-me';
import type { Person } from './people-query';
import { useGroups } from './queries';
import { useGroupActs } from './use-group-acts';

/** The groups that one sees the person in. */
export function PersonGroups({ person }: { person: Person }) {
  const { user, role } = useMe();
  const { data: groups = [] } = useGroups();
  const acts = useGroupActs();
  if (person.groups.length === 0) return null;
  return (
    <section aria-label="Groups">
      <h2 className="small-head">Groups</h2>
      <ul className="tags">
        {person.groups.map(({ id, name }) => {
          const group = groups.find((one) => one.id === id);
          const mayRemove = group && (role === 'admin' || group.owner.id === user?.id);
          return (
            <li key={id} className="tag">
              {name}
              {mayRemove && (
                <CloseButton
                  size="xs"
                  aria-label={`Remove from ${name}`}
                  disabled={acts.busy}
                  onClick={() => void acts.remove(group, [person.id])}
                />
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
