import { Alert, Skeleton } from '@mantine/core';
import { Problem, sentenceOf } from '../api/problem';
import { SidePanel } from '../ui/side-panel';
import { EmailDetails } from './email-details';
import type { QuickAction } from './email-cells';
import type { Email } from './folders';
import { useEmail } from './queries';

export interface EmailPanelProps {
  id: string | undefined;
  timeZone: string;
  /** Whether one may act on it; others are only looked at. */
  isOwn: boolean;
  onClose(): void;
  onAct(action: QuickAction, email: Email): void;
  /** All emails of its bulk email. */
  onBatch(id: string): void;
}

export function EmailPanel(props: EmailPanelProps) {
  const { id, onClose } = props;
  const email = useEmail(id);
  return (
    <SidePanel opened={id !== undefined} label={`Email: ${email.data?.subject ?? '…'}`} onClose={onClose}>
      {email.data ? (
        <EmailDetails key={email.data.id} {...props} email={email.data} />
      ) : email.isError ? (
        <Alert
          className="panel-alert"
          color="red"
          role="alert"
          withCloseButton
          closeButtonLabel="Close"
          onClose={onClose}
          title={email.error instanceof Problem ? email.error.title : undefined}
        >
          {sentenceOf(email.error)}
        </Alert>
      ) : (
        <Skeleton height={240} />
      )}
    </SidePanel>
  );
}
