import { Alert, Button, Modal, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import type { Person } from './people-query';

interface AddProps {
  opened: boolean;
  onClose(): void;
  onAdded(person: Person): void;
}

export function AddPerson(props: AddProps) {
  const { opened, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Add a person"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Fields {...props} />
    </Modal>
  );
}

const EMPTY = { name: '', email: '', title: '', company: '', phone: '' };

function Fields({ onClose, onAdded }: AddProps) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [values, setValues] = useState(EMPTY);
  const [shared, setShared] = useState(false);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  // One key for one person, however often it is sent: a lost answer must not make a second one.
  const [key] = useState(() => crypto.randomUUID?.() ?? String(Math.random()));

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    const { name, ...rest } = values;
    const given = Object.fromEntries(Object.entries(rest).filter(([, text]) => text.trim() !== ''));
    const body = { name, ...given, shared };
    try {
      const person = await answerOf(api.POST('/v1/people', { body, headers: { 'Idempotency-Key': key } }));
      say({ text: `${person.name} added.` });
      onClose();
      onAdded(person);
      await queries.invalidateQueries({ queryKey: ['people'] });
    } catch (error) {
      setWrong(error);
      setBusy(false);
    }
  }
  const input = (field: keyof typeof EMPTY) => ({
    value: values[field],
    error: wrong instanceof Problem ? wrong.of(field) : undefined,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setValues({ ...values, [field]: currentTarget.value }),
  });
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      {wrong !== undefined && (
        <Alert color="red" role="alert">
          {sentenceOf(wrong)}
        </Alert>
      )}
      <TextInput label="Name" required maxLength={200} data-autofocus {...input('name')} />
      <TextInput
        label="Email address"
        description="Without one they get no emails"
        inputMode="email"
        maxLength={254}
        {...input('email')}
      />
      <div className="two">
        <TextInput label="Company" maxLength={200} {...input('company')} />
        <TextInput label="Title" maxLength={200} {...input('title')} />
      </div>
      <TextInput label="Phone" inputMode="tel" maxLength={60} {...input('phone')} />
      <Switch
        label="Share with the team"
        description="The whole team sees them, and may change them."
        checked={shared}
        onChange={({ currentTarget }) => setShared(currentTarget.checked)}
      />
      <div className="buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Add person
        </Button>
      </div>
    </form>
  );
}
