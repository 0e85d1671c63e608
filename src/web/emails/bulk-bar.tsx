import { Button, CloseButton } from '@mantine/core';
import { BULK_NAMES, bulkActionsOf, type EmailAction } from './email-acts';
import type { Folder } from './folders';

interface BulkBarProps {
  count: number;
  folder: Folder;
  onAct(action: EmailAction): void;
  onClear(): void;
}

/** What can be done with all that are selected. */
export function EmailBulkBar({ count, folder, onAct, onClear }: BulkBarProps) {
  return (
    <div className="bulk" role="toolbar" aria-label="Selected emails">
      <strong>{count.toLocaleString('en')} selected</strong>
      {bulkActionsOf(folder).map((action, index) => (
        <Button
          key={action}
          size="compact-md"
          variant={action === 'delete' || index > 0 ? 'default' : 'filled'}
          onClick={() => onAct(action)}
        >
          {BULK_NAMES[action]}
        </Button>
      ))}
      <CloseButton aria-label="Clear the selection" onClick={onClear} />
    </div>
  );
}
