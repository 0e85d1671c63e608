import { Button, Checkbox, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useMe } from '../shell/use-me';
import { useRun } from '../ui/use-run';
import { bodyOf, type ChannelDraft, type ChannelField, draftOf, PORTS, withPreset } from './channel-draft';
import { ChannelLimits } from './channel-limits';
import { PRESETS, type PresetName } from './channel-presets';

interface Props {
  /** The one that is changed; none: a new one. */
  channel?: Schemas['ChannelView'] | undefined;
  done: () => void;
}

export function ChannelForm({ channel, done }: Props) {
  const { role } = useMe();
  const { run, busy } = useRun(['channels']);
  const [draft, setDraft] = useState(() => draftOf(channel));
  const [preset, setPreset] = useState<PresetName | 'other'>('other');
  const [team, setTeam] = useState(false);
  const set = (field: ChannelField, value: string) => setDraft((before) => ({ ...before, [field]: value }));
  const input = (field: ChannelField) => ({
    value: draft[field],
    onChange: ({ currentTarget: { value } }: { currentTarget: HTMLInputElement }) => set(field, value),
  });
  return (
    <form
      className="form card stack"
      aria-label={channel ? `Change ${channel.name}` : 'Add a channel'}
      onSubmit={(event) => {
        event.preventDefault();
        const words = channel ? 'The channel is changed.' : 'The channel is added: test it now.';
        void run(() => save(channel, draft, team), words).then((saved) => saved && done());
      }}
    >
      {!channel && (
        <div>
          <SegmentedControl
            aria-label="Provider"
            value={preset}
            onChange={(name) => {
              setPreset(name);
              if (name !== 'other') setDraft((before) => withPreset(before, name));
            }}
            data={[
              { value: 'other', label: 'Any mail server' },
              { value: 'gmail', label: PRESETS.gmail.label },
              { value: 'microsoft', label: PRESETS.microsoft.label },
            ]}
          />
          {preset !== 'other' && <p className="quiet">{PRESETS[preset].hint}</p>}
        </div>
      )}
      <TextInput label="Name" placeholder="Our mail server" required {...input('name')} />
      {channel?.provider ? (
        <p className="quiet">Server and log-in are those of the connected mailbox.</p>
      ) : (
        <>
          <TextInput label="Server" placeholder="smtp.example.com" required {...input('host')} />
          <div>
            <SegmentedControl
              aria-label="Encryption"
              value={draft.security}
              onChange={(security) => setDraft((before) => ({ ...before, security, port: PORTS[security] }))}
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
          <PasswordInput
            label="Password"
            {...(channel?.has_password ? { description: 'Empty: as it is' } : {})}
            autoComplete="new-password"
            {...input('password')}
          />
        </>
      )}
      {role === 'admin' && !channel && (
        <Checkbox
          label="For the whole team"
          checked={team}
          onChange={({ currentTarget }) => setTeam(currentTarget.checked)}
        />
      )}
      <ChannelLimits values={draft} set={set} />
      <div className="buttons">
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          {channel ? 'Save' : 'Add'}
        </Button>
      </div>
    </form>
  );
}

const OF_PROVIDER = ['host', 'port', 'security', 'username', 'password'] as const;

function save(channel: Schemas['ChannelView'] | undefined, draft: ChannelDraft, team: boolean) {
  const whole = bodyOf(draft);
  if (!channel) return answerOf(api.POST('/v1/channels', { body: { ...whole, ...(team ? { team } : {}) } }));
  const params = { path: { id: channel.id }, header: { 'If-Match': `"v${channel.version}"` } };
  // Server and log-in of a connected mailbox are its provider's.
  const isOwn = ([field]: [string, unknown]) => !OF_PROVIDER.some((name) => name === field);
  const body = channel.provider === null ? whole : Object.fromEntries(Object.entries(whole).filter(isOwn));
  return answerOf(api.PATCH('/v1/channels/{id}', { params, body }));
}
