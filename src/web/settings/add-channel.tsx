import { Button, Checkbox, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useMe } from '../shell/use-me';
import { useRun } from '../ui/use-run';

type Security = Schemas['CreateChannel']['security'];

const PORTS: Record<Security, string> = { starttls: '587', tls: '465', none: '25' };
const BLANK = { name: '', host: '', port: '587', username: '', password: '' };

export function AddChannel({ done }: { done: () => void }) {
  const { role } = useMe();
  const { run, busy } = useRun(['channels']);
  const [fields, setFields] = useState(BLANK);
  const [security, setSecurity] = useState<Security>('starttls');
  const [team, setTeam] = useState(false);
  const input = (field: keyof typeof BLANK) => ({
    value: fields[field],
    onChange: ({ currentTarget: { value } }: { currentTarget: HTMLInputElement }) =>
      setFields((before) => ({ ...before, [field]: value })),
  });
  const add = () => {
    const { name, host, port, username, password } = fields;
    const logIn = username === '' ? {} : { username, password: password === '' ? null : password };
    const body = { name, host, port: Number(port), security, ...logIn, ...(team ? { team } : {}) };
    return answerOf(api.POST('/v1/channels', { body }));
  };
  return (
    <form
      className="form card stack"
      onSubmit={(event) => {
        event.preventDefault();
        void run(add, 'The channel is added: test it now.').then((made) => made && done());
      }}
    >
      <TextInput label="Name" placeholder="Our mail server" required {...input('name')} />
      <TextInput label="Server" placeholder="smtp.example.com" required {...input('host')} />
      <div>
        <SegmentedControl
          aria-label="Encryption"
          value={security}
          onChange={(value) => {
            const next = value;
            setSecurity(next);
            setFields((before) => ({ ...before, port: PORTS[next] }));
          }}
          data={[
            { value: 'starttls', label: 'STARTTLS' },
            { value: 'tls', label: 'TLS' },
            { value: 'none', label: 'None' },
          ]}
        />
      </div>
      <TextInput label="Port" inputMode="numeric" pattern="[0-9]{1,5}" required {...input('port')} />
      <TextInput
        label="User name"
        description="Empty: the server wants no log-in"
        autoComplete="off"
        {...input('username')}
      />
      <PasswordInput label="Password" autoComplete="new-password" {...input('password')} />
      {role === 'admin' && (
        <Checkbox
          label="For the whole team"
          checked={team}
          onChange={({ currentTarget }) => setTeam(currentTarget.checked)}
        />
      )}
      <div className="buttons">
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Add
        </Button>
      </div>
    </form>
  );
}
