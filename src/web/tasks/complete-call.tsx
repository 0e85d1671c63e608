import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Task } from './lists';

interface CompleteCallProps {
  task: Task | undefined;
  onClose(): void;
  onDone(call: { outcome: string; reason: string }): void;
}

/** What is usual; anything else can be typed. */
const OUTCOMES = ['Connected', 'Left voicemail', 'No answer', 'Busy', 'Wrong number'];

/** Completing a call: what one wanted to say is in sight, and what came of it is kept. Enter alone completes it. */
export function CompleteCall({ task, onClose, onDone }: CompleteCallProps) {
  return (
    <Modal
      opened={task !== undefined}
      onClose={onClose}
      title="Complete the call"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {task && <CallForm key={task.id} task={task} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}

function CallForm({ task, onClose, onDone }: CompleteCallProps & { task: Task }) {
  const [outcome, setOutcome] = useState(task.call_outcome ?? '');
  const [reason, setReason] = useState(task.call_reason ?? '');
  function submit(event: FormEvent) {
    event.preventDefault();
    onDone({ outcome: outcome.trim(), reason: reason.trim() });
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div>
        <strong>{task.name}</strong>
        {task.person && <div className="quiet">{task.person.name}</div>}
      </div>
      {task.details && <div className="notes">{task.details}</div>}
      <TextInput
        label="Outcome"
        placeholder="What came of it"
        data-autofocus
        maxLength={255}
        value={outcome}
        onChange={({ currentTarget }) => setOutcome(currentTarget.value)}
      />
      <div className="chips" role="group" aria-label="Usual outcomes">
        {OUTCOMES.map((name) => (
          <button key={name} type="button" aria-pressed={outcome === name} onClick={() => setOutcome(name)}>
            {name}
          </button>
        ))}
      </div>
      <TextInput
        label="Reason"
        placeholder="Optional"
        maxLength={255}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <div className="buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Complete</Button>
      </div>
    </form>
  );
}
