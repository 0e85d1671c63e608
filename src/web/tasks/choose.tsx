import { Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';

export interface Choice<T> {
  label: string;
  /** What it comes to, e.g. the day. */
  hint?: string;
  value: T;
}

interface ChooseProps<T> {
  opened: boolean;
  title: string;
  label: string;
  placeholder: string;
  /** Those that fit what was typed, the best one first. */
  choices(text: string): readonly Choice<T>[];
  /** Said where none fits. */
  nothing: string;
  onPick(value: T): void;
  onClose(): void;
  children?: ReactNode;
}

/** One of several, by typing and Enter: the quick questions of the keyboard. */
export function Choose<T>(props: ChooseProps<T>) {
  const { opened, title, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size="sm"
      yOffset="14vh"
      centered={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Choices {...props} />
    </Modal>
  );
}

function Choices<T>({ label, placeholder, choices, nothing, onPick, children }: ChooseProps<T>) {
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const fitting = choices(text);
  const chosen = Math.min(at, fitting.length - 1);
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);

  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      setAt((chosen + by + fitting.length) % Math.max(1, fitting.length));
    }
    const choice = fitting[chosen];
    if (event.key === 'Enter' && choice && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onPick(choice.value);
    }
  }
  return (
    <>
      <TextInput
        aria-label={label}
        placeholder={placeholder}
        data-autofocus
        autoComplete="off"
        role="combobox"
        aria-expanded={fitting.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={fitting.length > 0 ? `${id}-${chosen}` : undefined}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} className="choices">
        {fitting.map(({ label: name, hint, value }, index) => (
          <li
            key={name}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => onPick(value)}
          >
            <span>{name}</span>
            {hint !== undefined && <small>{hint}</small>}
          </li>
        ))}
      </ul>
      {fitting.length === 0 && <p className="quiet choices-none">{nothing}</p>}
      {children}
    </>
  );
}
