import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useMe } from '../shell/use-me';
import { useRun } from '../ui/use-run';
import { AddChannel } from './add-channel';

const SECURITY_WORDS = { tls: 'TLS', starttls: 'STARTTLS', none: 'not encrypted' } as const;

export function Channels({ channels }: { channels: readonly Schemas['ChannelView'][] }) {
  const { user, role } = useMe();
  const { run, busy } = useRun(['channels', 'identities']);
  const [adding, setAdding] = useState(false);
  const [tested, setTested] = useState<{ name: string; result: Schemas['ChannelTestResult'] } | undefined>(undefined);
  return (
    <section className="stack" aria-labelledby="channels">
      <h2 id="channels">Delivery channels</h2>
      <p className="quiet">The mail servers that your emails go out by: the team’s, and your own.</p>
      {channels.length > 0 && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>Channel</th>
                <th>Server</th>
                <th>Whose</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {channels.map(({ id, name, host, port, security, owner }) => {
                const own = owner !== null && owner.id === user?.id;
                return (
                  <tr key={id}>
                    <td>{name}</td>
                    <td>
                      {host}:{port} <span className="quiet">{SECURITY_WORDS[security]}</span>
                    </td>
                    <td>{owner === null ? 'The team’s' : own ? 'Yours' : owner.name}</td>
                    <td>
                      {(own || owner === null) && (
                        <Button
                          size="compact-sm"
                          variant="default"
                          loading={busy}
                          aria-label={`Test ${name}`}
                          onClick={() =>
                            void run(
                              () => answerOf(api.POST('/v1/channels/{id}/test', { params: { path: { id } } })),
                              'The test has ended.',
                            ).then((result) => setTested(result && { name, result }))
                          }
                        >
                          Test
                        </Button>
                      )}{' '}
                      {(own || role === 'admin') && (
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`Remove ${name}`}
                          onClick={() =>
                            void run(
                              () => answerOf(api.DELETE('/v1/channels/{id}', { params: { path: { id } } })),
                              'The channel is removed and its password forgotten.',
                            )
                          }
                        >
                          Remove
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {tested && (
        <Alert
          color={tested.result.ok ? 'green' : 'red'}
          role="alert"
          title={tested.result.ok ? `${tested.name} works` : `${tested.name} does not work yet`}
        >
          {tested.result.words}
          {!tested.result.ok && tested.result.said !== null && <p className="quiet">It said: {tested.result.said}</p>}
        </Alert>
      )}
      {adding ? (
        <AddChannel done={() => setAdding(false)} />
      ) : (
        <div>
          <Button variant="default" onClick={() => setAdding(true)}>
            Add a channel
          </Button>
        </div>
      )}
    </section>
  );
}
