import { Confirm } from '../ui/confirm';
import { type EmailAction, questionOf } from './email-acts';
import type { Perform } from './use-email-acts';
import { emailsWords } from './email-words';
import type { Email } from './folders';

export interface Asked {
  action: EmailAction;
  emails: readonly Email[];
}

interface AskBeforeProps {
  asked: Asked | undefined;
  perform: Perform;
  onClose(): void;
}

/** Before emails are deleted, or sent a second time perhaps. */
export function AskBefore({ asked, perform, onClose }: AskBeforeProps) {
  const { action = 'delete', emails = [] } = asked ?? {};
  const certain = emails.filter(({ state }) => state !== 'uncertain');
  const run = (these: readonly Email[], evenIfUncertain: boolean) => () => {
    onClose();
    void perform(action, these, evenIfUncertain);
  };
  const isRetry = action === 'retry';
  const all = {
    label: isRetry ? 'Send again' : 'Delete',
    run: run(emails, true),
    ...(!isRetry && { color: 'red' as const }),
  };
  const others = { label: `Only the other ${certain.length}`, run: run(certain, false) };
  return (
    <Confirm
      opened={asked !== undefined}
      title={isRetry ? 'It may arrive twice' : `Delete ${emailsWords(emails.length)}?`}
      answers={isRetry && certain.length > 0 ? [all, others] : [all]}
      onClose={onClose}
    >
      <p>{questionOf(action, emails, emails.length)}</p>
    </Confirm>
  );
}
