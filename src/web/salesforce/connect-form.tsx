import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useRun } from '../ui/use-run';

interface ConnectFormProps {
  connection: Schemas['ConnectionView'];
  /** The org that another one takes the place of. */
  leaveOrg?: string;
  onDone?(): void;
}

type Way = 'web' | 'jwt';

/** Where to log in, and how: as the integration user in the browser, or by this server's key. */
export function ConnectForm({ connection, leaveOrg, onDone }: ConnectFormProps) {
  const { run, busy } = useRun(['sync', 'status', 'users', 'settings']);
  const switches = leaveOrg !== undefined;
  const again = !switches && connection.login_url !== null;
  const [url, setUrl] = useState(switches ? '' : (connection.login_url ?? ''));
  const [way, setWay] = useState<Way>(connection.key_ready ? (connection.method ?? 'web') : 'web');
  const [username, setUsername] = useState(switches ? '' : (connection.integration_user?.username ?? ''));
  async function submit(event: FormEvent) {
    event.preventDefault();
    const where = { ...(url.trim() !== '' && { login_url: url.trim() }), ...(switches && { leave_org: leaveOrg }) };
    if (way === 'jwt') {
      const body = { ...where, username: username.trim() };
      const done = await run(
        () => answerOf(api.POST('/v1/salesforce/connection/jwt', { body })),
        'Salesforce is connected.',
      );
      if (done) onDone?.();
      return;
    }
    await run(async () => {
      const { authorize_url: address } = await answerOf(api.POST('/v1/salesforce/connection', { body: where }));
      location.assign(address);
    }, 'Salesforce asks you to log in …');
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      {connection.key_ready && (
        <SegmentedControl
          aria-label="How to log in"
          value={way}
          onChange={(value) => setWay(value)}
          data={[
            { value: 'web', label: 'Log in with Salesforce' },
            { value: 'jwt', label: 'By the key of this server' },
          ]}
        />
      )}
      <TextInput
        label="Log-in address"
        description={`Leave it empty for ${again ? 'the address of last time' : 'login.salesforce.com'}; a sandbox uses https://test.salesforce.com.`}
        placeholder="https://login.salesforce.com"
        value={url}
        onChange={({ currentTarget }) => setUrl(currentTarget.value)}
      />
      {way === 'jwt' && (
        <TextInput
          label="Integration user"
          description="The user name in Salesforce, approved for the External Client App."
          required
          value={username}
          onChange={({ currentTarget }) => setUsername(currentTarget.value)}
        />
      )}
      <div className="buttons buttons-left">
        <Button type="submit" loading={busy} color={switches ? 'red' : undefined}>
          {switches ? 'Switch' : 'Connect Salesforce'}
        </Button>
      </div>
    </form>
  );
}
