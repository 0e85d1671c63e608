import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { answerOf, api } from '../../api/client';
import { Confirm } from '../../ui/confirm';
import { useRun } from '../../ui/use-run';
import { EMAIL_KEYS } from '../queries';
import type { useDraft } from './use-draft';

interface SingleBarProps {
  draft: ReturnType<typeof useDraft>;
  isScheduled: boolean;
  canSend: boolean;
  busy: boolean;
  onSend(): void;
  onSchedule(): void;
}

/** What can be done with what is written, and whether it is saved. */
export function SingleBar({ draft, isScheduled, canSend, busy, onSend, onSchedule }: SingleBarProps) {
  const [, go] = useLocation();
  const { run } = useRun(EMAIL_KEYS);
  const [asks, setAsks] = useState(false);
  const { base } = draft;

  async function discard() {
    setAsks(false);
    draft.drop();
    if (base) {
      const params = { path: { id: base.id } };
      const done = await run(() => answerOf(api.DELETE('/v1/emails/{id}', { params })).then(() => true), 'Deleted.');
      if (!done) return;
    }
    go(`/emails?folder=${isScheduled ? 'scheduled' : 'drafts'}`);
  }
  async function unschedule() {
    if (!base) return;
    const params = { path: { id: base.id } };
    const email = await run(
      () => answerOf(api.POST('/v1/emails/{id}/unschedule', { params })),
      'It is a draft again, and is not sent.',
    );
    if (email) draft.takeIn(email);
  }
  return (
    <div className="compose-bar">
      {isScheduled ? (
        <>
          <Button
            disabled={!draft.isDirty || !canSend}
            loading={draft.state === 'saving'}
            onClick={() => void draft.save().catch(() => undefined)}
          >
            Save changes
          </Button>
          <Button variant="default" disabled={!canSend} onClick={onSchedule}>
            Another time
          </Button>
          <Button variant="default" disabled={!canSend} loading={busy} onClick={onSend}>
            Send now
          </Button>
          {base?.kind === 'single' && (
            <Button variant="default" onClick={() => void unschedule()}>
              Back to the drafts
            </Button>
          )}
        </>
      ) : (
        <>
          <Button
            disabled={!canSend}
            loading={busy}
            leftSection={<IconSend size={17} aria-hidden="true" />}
            onClick={onSend}
          >
            Send now
          </Button>
          <Button variant="default" disabled={!canSend} onClick={onSchedule}>
            Schedule
          </Button>
        </>
      )}
      <Button variant="subtle" color="gray" onClick={() => setAsks(true)}>
        {isScheduled ? 'Cancel the email' : 'Discard'}
      </Button>
      <span className="quiet save-state" role="status">
        {savedWords(draft, isScheduled)}
      </span>
      <Confirm
        opened={asks}
        title={isScheduled ? 'Cancel this email?' : 'Discard what is written?'}
        answers={[{ label: isScheduled ? 'Delete it' : 'Discard', color: 'red', run: () => void discard() }]}
        onClose={() => setAsks(false)}
      >
        <p>{isScheduled ? 'It is not sent, and cannot be brought back.' : 'It cannot be brought back.'}</p>
      </Confirm>
    </div>
  );
}

function savedWords({ base, state, isDirty, wrong, written }: SingleBarProps['draft'], isScheduled: boolean): string {
  if (state === 'saving') return 'Saving …';
  if (wrong !== undefined && isDirty) return 'Not saved';
  if (isScheduled) return isDirty ? 'Not saved yet' : '';
  if (base) return isDirty ? 'Saving …' : 'Saved as a draft';
  if (written.subject === '' && written.body === '') return '';
  return 'Kept in this browser: with a subject and a person it becomes a draft';
}
