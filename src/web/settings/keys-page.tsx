import { Alert, Button, Code, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../api/client';
import { useMe } from '../shell/use-me';
import { agoWords } from '../tasks/due';
import { Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';

export function KeysPage() {
  const now = useNow(30_000);
  const { user } = useMe();
  const { run, busy } = useRun(['keys']);
  const [name, setName] = useState('');
  const [made, setMade] = useState<string | undefined>(undefined);
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: () => answerOf(api.GET('/v1/api-keys', { params: { query: { limit: 200 } } })),
  });
  if (keys.isPending) return <PageLoading />;
  if (!keys.data) return <Failed error={keys.error} retry={() => void keys.refetch()} />;
  const present = keys.data.data.filter(({ revoked_at: revoked }) => revoked === null);
  return (
    <>
      <form
        className="inline form card"
        onSubmit={(event) => {
          event.preventDefault();
          void run(() => answerOf(api.POST('/v1/api-keys', { body: { name } })), 'The key is made.').then((key) => {
            setMade(key?.key);
            setName('');
          });
        }}
      >
        <TextInput
          label="New key of yours"
          placeholder="What it is for"
          required
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          Make
        </Button>
      </form>
      {made && (
        <Alert color="green" role="alert" title="Copy it now: it is shown this once">
          <Code>{made}</Code>
        </Alert>
      )}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>Key</th>
              <th>Whose</th>
              <th>Last used</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {present.map(({ id, name: label, prefix, user_id: owner, last_used_at: used }) => (
              <tr key={id}>
                <td>
                  {label} <span className="quiet">{prefix}…</span>
                </td>
                <td>{owner === null ? 'The team' : owner === user?.id ? 'You' : 'A colleague'}</td>
                <td>{used === null ? 'never' : agoWords(used, now)}</td>
                <td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Revoke ${label}`}
                    onClick={() =>
                      void run(
                        () => answerOf(api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } })),
                        'The key opens nothing any more.',
                      )
                    }
                  >
                    Revoke
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
