import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { ChannelForm } from './channel-form';
import { MailAccounts } from './mail-accounts';
import { ChannelRow } from './channel-row';

type Channel = Schemas['ChannelView'];

export function Channels({ channels }: { channels: readonly Channel[] }) {
  const [form, setForm] = useState<{ channel?: Channel } | undefined>(undefined);
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
                <th>State</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {channels.map((channel) => (
                <ChannelRow
                  key={channel.id}
                  channel={channel}
                  onEdit={() => setForm({ channel })}
                  onTested={(result) => setTested({ name: channel.name, result })}
                />
              ))}
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
      {form ? (
        <ChannelForm key={form.channel?.id ?? 'new'} channel={form.channel} done={() => setForm(undefined)} />
      ) : (
        <>
          <MailAccounts />
          <div>
            <Button variant="default" onClick={() => setForm({})}>
              Add a mail server
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
