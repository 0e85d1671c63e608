import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useRun } from '../ui/use-run';

interface Props {
  identities: readonly Schemas['IdentityView'][];
}

export function Identities({ identities }: Props) {
  const { run, busy } = useRun(['identities']);
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  return (
    <section className="stack" aria-labelledby="identities">
      <h2 id="identities">Addresses you write as</h2>
      <p className="quiet">Nothing is sent from an address before you have entered the code that is mailed to it.</p>
      {identities.length > 0 && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>Address</th>
                <th>Confirmed</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {identities.map((identity) => (
                <Row key={identity.id} identity={identity} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <form
        className="inline form card"
        onSubmit={(event) => {
          event.preventDefault();
          void run(
            () => answerOf(api.POST('/v1/identities', { body: { email, name } })),
            'The address is added: confirm it now.',
          ).then((made) => {
            if (!made) return;
            setEmail('');
            setName('');
          });
        }}
      >
        <TextInput
          label="Email address"
          type="email"
          required
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        <TextInput
          label="Name that recipients see"
          required
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          Add
        </Button>
      </form>
    </section>
  );
}

function Row({ identity }: { identity: Schemas['IdentityView'] }) {
  const { id, email, name, is_default: isDefault, verified_at: verified, version } = identity;
  const { run, busy } = useRun(['identities']);
  const [code, setCode] = useState('');
  const path = { id };
  return (
    <tr>
      <td>
        {name} <span className="quiet">{email}</span> {isDefault && <span className="quiet">· default</span>}
      </td>
      <td>
        {verified !== null ? (
          'Yes'
        ) : (
          <form
            className="inline"
            onSubmit={(event) => {
              event.preventDefault();
              void run(
                () => answerOf(api.POST('/v1/identities/{id}/confirm', { params: { path }, body: { code } })),
                `You can write as ${email} now.`,
              );
            }}
          >
            <Button
              size="compact-sm"
              variant="default"
              loading={busy}
              aria-label={`Mail a code to ${email}`}
              onClick={() =>
                void run(
                  () => answerOf(api.POST('/v1/identities/{id}/code', { params: { path } })),
                  `A code is on its way to ${email}.`,
                )
              }
            >
              Mail me a code
            </Button>
            <TextInput
              size="xs"
              aria-label={`Code for ${email}`}
              placeholder="six digits"
              inputMode="numeric"
              required
              value={code}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
            />
            <Button size="compact-sm" type="submit" aria-label={`Confirm ${email}`}>
              Confirm
            </Button>
          </form>
        )}
      </td>
      <td>
        {!isDefault && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Make ${email} the default`}
            onClick={() =>
              void run(
                () =>
                  answerOf(
                    api.PATCH('/v1/identities/{id}', {
                      params: { path, header: { 'If-Match': `"v${version}"` } },
                      body: { is_default: true },
                    }),
                  ),
                `${email} is the default now.`,
              )
            }
          >
            Make default
          </Button>
        )}{' '}
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Remove ${email}`}
          onClick={() =>
            void run(() => answerOf(api.DELETE('/v1/identities/{id}', { params: { path } })), 'The address is removed.')
          }
        >
          Remove
        </Button>
      </td>
    </tr>
  );
}
