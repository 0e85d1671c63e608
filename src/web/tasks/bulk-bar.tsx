import { Button } from '@mantine/core';

interface BulkBarProps {
  count: number;
  onDone(): void;
  onDate(): void;
  onAssignee(): void;
  onDelete(): void;
  onClear(): void;
}

/** What can be done with all that are selected. */
export function BulkBar({ count, onDone, onDate, onAssignee, onDelete, onClear }: BulkBarProps) {
  return (
    <div className="bulk" role="toolbar" aria-label="Selected tasks">
      <strong>{count} selected</strong>
      <Button size="compact-md" variant="light" onClick={onDone}>
        Complete
      </Button>
      <Button size="compact-md" variant="light" onClick={onDate}>
        Reschedule
      </Button>
      <Button size="compact-md" variant="light" onClick={onAssignee}>
        Reassign
      </Button>
      <Button size="compact-md" variant="light" color="red" onClick={onDelete}>
        Delete
      </Button>
      <Button size="compact-md" variant="subtle" color="gray" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
