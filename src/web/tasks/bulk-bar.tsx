import { Button, CloseButton, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { Act } from './acts';

interface BulkBarProps {
  count: number;
  /** Whether all that are selected are done already. */
  areDone: boolean;
  onDone(): void;
  onDate(): void;
  onAssignee(): void;
  onSnooze(): void;
  onAct(act: Act): void;
  onClear(): void;
}

/** What can be done with all that are selected. */
export function BulkBar({ count, areDone, onDone, onDate, onAssignee, onSnooze, onAct, onClear }: BulkBarProps) {
  return (
    <div className="bulk" role="toolbar" aria-label="Selected tasks">
      <strong>{count} selected</strong>
      <Button size="compact-md" onClick={onDone}>
        {areDone ? 'Open again' : 'Complete'}
      </Button>
      <Button size="compact-md" variant="default" onClick={onDate}>
        Reschedule
      </Button>
      <Button size="compact-md" variant="default" onClick={onAssignee}>
        Reassign
      </Button>
      <Menu position="top" withinPortal>
        <Menu.Target>
          <Button size="compact-md" variant="default" aria-label="More for the selected tasks">
            <IconDots size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onSnooze}>Snooze</Menu.Item>
          <Menu.Item onClick={() => onAct({ action: 'skip' })}>Skip</Menu.Item>
          <Menu.Item onClick={() => onAct({ action: 'set_priority', priority: 'high' })}>Priority: High</Menu.Item>
          <Menu.Item onClick={() => onAct({ action: 'set_priority', priority: 'normal' })}>Priority: Normal</Menu.Item>
          <Menu.Item onClick={() => onAct({ action: 'set_priority', priority: 'low' })}>Priority: Low</Menu.Item>
          <Menu.Item color="red" onClick={() => onAct({ action: 'delete' })}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <CloseButton aria-label="Clear the selection" onClick={onClear} />
    </div>
  );
}
