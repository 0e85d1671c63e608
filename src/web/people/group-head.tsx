import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useMe } from '../shell/use-me';
import type { Group } from './people-query';

interface HeadProps {
  group: Group;
  onEdit(): void;
  onShare(shared: boolean): void;
  onDelete(): void;
}

/** The group that is shown: whose it is, who sees it, and what its owner does with it. */
export function GroupHead({ group, onEdit, onShare, onDelete }: HeadProps) {
  const { user, role } = useMe();
  const isOwn = group.owner.id === user?.id;
  const whose = isOwn ? 'yours' : `of ${group.owner.name}`;
  return (
    <div className="group-head">
      <p>
        <strong>{group.name}</strong>{' '}
        <span className="quiet">
          {whose}, {group.shared ? 'shared with the team' : 'not shared'} ·{' '}
          {group.size === 1 ? '1 person' : `${group.size.toLocaleString('en')} people`}
        </span>
      </p>
      {group.size > 0 && (
        <Button size="compact-md" variant="default" component={Link} href={`/emails/compose?group=${group.id}`}>
          Write to all
        </Button>
      )}
      {(isOwn || role === 'admin') && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label={`Change the group ${group.name}`}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onEdit}>Rename</Menu.Item>
            <Menu.Item onClick={() => onShare(!group.shared)}>
              {group.shared ? 'No longer share it' : 'Share with the team'}
            </Menu.Item>
            <Menu.Item color="red" onClick={onDelete}>
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
