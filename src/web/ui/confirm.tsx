import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Answer {
  label: string;
  color?: 'red';
  run(): void;
}

interface ConfirmProps {
  opened: boolean;
  title: string;
  /** The first is the one that Enter chooses. */
  answers: readonly Answer[];
  onClose(): void;
  children: ReactNode;
}

/** Asked before what cannot be undone. */
export function Confirm({ opened, title, answers, onClose, children }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="md" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="stack">
        {children}
        <div className="buttons">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {answers.toReversed().map(({ label, color, run }) => {
            const isFirst = label === answers[0]?.label;
            return (
              <Button
                key={label}
                variant={isFirst ? 'filled' : 'default'}
                color={isFirst ? (color ?? 'indigo') : 'gray'}
                {...(isFirst && { 'data-autofocus': true })}
                onClick={run}
              >
                {label}
              </Button>
            );
          })}
        </div>
      </div>
    </Modal>
  );
}
