import { Alert, Button } from '@mantine/core';

interface ClashAlertProps {
  /** Who changed what, and when; without its full stop. */
  who: string;
  onReload(): void;
  onOverwrite(): void;
}

/** Somebody else changed what one is changing: which of the two shall stand? */
export function ClashAlert({ who, onReload, onOverwrite }: ClashAlertProps) {
  return (
    <Alert color="yellow" role="alert" title={`${who}.`}>
      <p>What you typed is not saved yet.</p>
      <div className="buttons buttons-left">
        <Button size="compact-md" variant="default" onClick={onReload}>
          Reload theirs
        </Button>
        <Button size="compact-md" onClick={onOverwrite}>
          Overwrite with mine
        </Button>
      </div>
    </Alert>
  );
}
