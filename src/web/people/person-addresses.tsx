import { Button, CloseButton, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import type { Person } from './people-query';
import { usePersonAct } from './use-person-act';

/** Their addresses besides the main one: what is sent or heard there is theirs too. */
export function PersonAddresses({ person }: { person: Person }) {
  const { act, busy } = usePersonAct(person.id);
  const pathOf = (email: string) => ({ params: { path: { id: person.id, email } } });
  const makeMain = (email: string) =>
    act(
      () => answerOf(api.POST('/v1/people/{id}/addresses/{email}/main', pathOf(email))),
      `Emails go to ${email} now.`,
    );
  const remove = (email: string) =>
    act(() => answerOf(api.DELETE('/v1/people/{id}/addresses/{email}', pathOf(email))), `${email} is nobody’s now.`);
  const add = (email: string) =>
    act(() => answerOf(api.PUT('/v1/people/{id}/addresses/{email}', pathOf(email))), `${email} is theirs too.`);
  return (
    <section aria-label="Other addresses">
      {person.other_addresses.length > 0 && (
        <>
          <h2 className="small-head">Other addresses</h2>
          <ul className="lines">
            {person.other_addresses.map((email) => (
              <li key={email}>
                <span className="lines-text">{email}</span>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  disabled={busy}
                  aria-label={`Make ${email} the main address`}
                  onClick={() => void makeMain(email)}
                >
                  Make main
                </Button>
                <CloseButton
                  size="sm"
                  disabled={busy}
                  aria-label={`Remove ${email}`}
                  onClick={() => void remove(email)}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      <AddAddress busy={busy} onAdd={add} />
    </section>
  );
}

function AddAddress({ busy, onAdd }: { busy: boolean; onAdd(email: string): Promise<boolean> }) {
  const [asks, setAsks] = useState(false);
  const [email, setEmail] = useState('');
  if (!asks) {
    return (
      <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={15} />} onClick={() => setAsks(true)}>
        Add another address
      </Button>
    );
  }
  const close = () => {
    setAsks(false);
    setEmail('');
  };
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await onAdd(email.trim().toLowerCase())) close();
  }
  return (
    <form className="inline" aria-label="Add another address" onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Another address of theirs"
        type="email"
        required
        autoFocus
        maxLength={254}
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <Button type="submit" loading={busy}>
        Add
      </Button>
      <Button variant="default" onClick={close}>
        Cancel
      </Button>
    </form>
  );
}
