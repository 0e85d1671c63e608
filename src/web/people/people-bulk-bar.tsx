import { Button, CloseButton } from '@mantine/core';
import type { Group } from './people-query';

interface BulkBarProps {
  count: number;
  /** The group that is shown, where it may be changed. */
  group: Group | undefined;
  onAdd(): void;
  onRemove(): void;
  onClear(): void;
}

/** What can be done with all that are selected. */
export function PeopleBulkBar({ count, group, onAdd, onRemove, onClear }: BulkBarProps) {
  return (
    <div className="bulk" role="toolbar" aria-label="Selected people">
      <strong>{count} selected</strong>
      <Button size="compact-md" onClick={onAdd}>
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
