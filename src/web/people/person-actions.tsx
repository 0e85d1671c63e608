import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { useMe } from '../shell/use-me';
import { Confirm } from '../ui/confirm';
import { useRun } from '../ui/use-run';
import { ErasePerson } from './erase-person';
import { MergePeople } from './merge-people';
import type { Person } from './people-query';

interface ActionsProps {
  person: Person;
  onAddToGroup(): void;
  onClose(): void;
}

export function PersonActions({ person, onAddToGroup, onClose }: ActionsProps) {
  const { role } = useMe();
  const { run } = useRun(['people', 'groups']);
  const [asks, setAsks] = useState<'delete' | 'merge' | 'erase'>();
  async function destroy() {
    setAsks(undefined);
    const params = { path: { id: person.id } };
    const gone = await run(async () => {
      await answerOf(api.DELETE('/v1/people/{id}', { params }));
      return true;
    }, `${person.name} is deleted.`);
    if (gone) onClose();
  }
  return (
    <div className="details-actions">
      <Button component={Link} href={`/emails/compose?person=${person.id}`}>
        Write
      </Button>
      <Button variant="default" onClick={onAddToGroup}>
        Add to a group
      </Button>
      <Menu position="bottom-start" withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsks('merge')}>Merge with somebody</Menu.Item>
          <Menu.Item color="red" onClick={() => setAsks('delete')}>
            Delete
          </Menu.Item>
          {role === 'admin' && (
            <Menu.Item color="red" onClick={() => setAsks('erase')}>
              Erase for good
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        className="details-close"
        aria-label="Close"
        onClick={onClose}
      >
        <IconX size={20} />
      </ActionIcon>
      <Confirm
        opened={asks === 'delete'}
        title={`Delete ${person.name}?`}
        answers={[{ label: 'Delete', color: 'red', run: () => void destroy() }]}
        onClose={() => setAsks(undefined)}
      >
        <p>They leave every list and group. Their tasks stay, without them. It cannot be undone.</p>
      </Confirm>
      {asks === 'merge' && <MergePeople person={person} onClose={() => setAsks(undefined)} />}
      {asks === 'erase' && <ErasePerson person={person} onClose={() => setAsks(undefined)} onErased={onClose} />}
    </div>
  );
}
