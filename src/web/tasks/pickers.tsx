import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { addDays, nextMonday } from './due';

export interface Colleague {
  id: string;
  name: string;
}

const CLOSE = { 'aria-label': 'Close' };

interface PickDateProps {
  opened: boolean;
  today: string;
  onClose(): void;
  onPick(due: string | null): void;
}

export function PickDate({ opened, today, onClose, onPick }: PickDateProps) {
  const [date, setDate] = useState('');
  const quick: [string, string | null][] = [
    ['Today', today],
    ['Tomorrow', addDays(today, 1)],
    ['Next Monday', nextMonday(today)],
    ['In a week', addDays(today, 7)],
    ['No date', null],
  ];
  return (
    <Modal opened={opened} onClose={onClose} title="Reschedule" closeButtonProps={CLOSE} size="sm">
      <div className="stack">
        <div className="quick">
          {quick.map(([label, due], index) => (
            <Button key={label} variant="default" data-autofocus={index === 0 || undefined} onClick={() => onPick(due)}>
              {label}
            </Button>
          ))}
        </div>
        <form
          className="inline"
          onSubmit={(event) => {
            event.preventDefault();
            if (date !== '') onPick(date);
          }}
        >
          <TextInput
            type="date"
            label="Another day"
            value={date}
            onChange={({ currentTarget }) => setDate(currentTarget.value)}
          />
          <Button type="submit" disabled={date === ''}>
            Set
          </Button>
        </form>
      </div>
    </Modal>
  );
}

interface PickAssigneeProps {
  opened: boolean;
  users: readonly Colleague[];
  onClose(): void;
  onPick(user: Colleague): void;
}

export function PickAssignee({ opened, users, onClose, onPick }: PickAssigneeProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Give to" closeButtonProps={CLOSE} size="sm">
      <Select
        label="Colleague"
        placeholder="Type a name"
        data-autofocus
        searchable
        data={users.map(({ id, name }) => ({ value: id, label: name }))}
        nothingFoundMessage="Nobody of that name"
        onChange={(id) => {
          const user = users.find((one) => one.id === id);
          if (user) onPick(user);
        }}
      />
      <div className="picker-room" />
    </Modal>
  );
}
