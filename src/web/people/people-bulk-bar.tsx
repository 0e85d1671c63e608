import { Button, CloseButton } from '@mantine/core';
import { Link } from 'wouter';
import type { Group } from './people-query';

interface BulkBarProps {
  ids: readonly string[];
  /** The group that is shown, where it may be changed. */
  group: Group | undefined;
  onAdd(): void;
  onRemove(): void;
  onClear(): void;
}

/** So many people a Select and Send goes to. */
const SELECT_MAX = 200;

/** What can be done with all that are selected. */
export function PeopleBulkBar({ ids, group, onAdd, onRemove, onClear }: BulkBarProps) {
  return (
    <div className="bulk" role="toolbar" aria-label="Selected people">
      <strong>{ids.length} selected</strong>
      {ids.length <= SELECT_MAX && (
        <Button size="compact-md" component={Link} href={`/emails/compose?people=${ids.join(',')}`}>
          Write to them
        </Button>
      )}
      <Button size="compact-md" variant="default" onClick={onAdd}>
        Add to a group
      </Button>
      {group && (
        <Button size="compact-md" variant="default" onClick={onRemove}>
          Remove from {group.name}
        </Button>
      )}
      <CloseButton aria-label="Clear the selection" onClick={onClear} />
    </div>
  );
}
