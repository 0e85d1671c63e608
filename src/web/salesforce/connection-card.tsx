import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useRun } from '../ui/use-run';
import { ConnectForm } from './connect-form';
import { SwitchOrg } from './switch-org';

const TITLES = {
  connected: 'Connected',
  stopped: 'The connection has stopped',
  disconnected: 'Disconnected',
  not_connected: 'Not connected yet',
} as const;

type Connection = Schemas['ConnectionView'];

/** To which org the team is connected, as whom, and what an admin does with it. */
export function ConnectionCard({ connection }: { connection: Connection }) {
  const { run, busy } = useRun(['sync', 'status']);
  const on = connection.status === 'connected';
  const [again, setAgain] = useState(false);
  const [switching, setSwitching] = useState(false);
  const pause = () =>
    run(() => answerOf(api.POST('/v1/salesforce/connection/pause')), 'Paused: nothing is sent or read.');
  const resume = () => run(() => answerOf(api.POST('/v1/salesforce/connection/resume')), 'Sync goes on.');
  return (
    <section className="card" aria-label="Connection">
      <h2>
        {TITLES[connection.status]} <OrgKind connection={connection} />
      </h2>
      {connection.reason && (
        <Alert color="red" role="alert">
          {connection.reason}
        </Alert>
      )}
      {connection.paused && (
        <Alert color="yellow">Sync is paused. Changes are kept on both sides and go through when you resume it.</Alert>
      )}
      {connection.org_id && <Facts connection={connection} />}
      {(!on || again) && <ConnectForm connection={connection} />}
      <div className="buttons buttons-left buttons-spaced">
        {connection.paused && (
          <Button loading={busy} onClick={() => void resume()}>
            Resume
          </Button>
        )}
        {on && !connection.paused && (
          <Button variant="default" loading={busy} onClick={() => void pause()}>
            Pause all sync
          </Button>
        )}
        {on && !again && (
          <Button variant="default" onClick={() => setAgain(true)}>
            Connect again
          </Button>
        )}
        {connection.org_id && (
          <Button variant="default" onClick={() => setSwitching(true)}>
            Switch to another org
          </Button>
        )}
      </div>
      {switching && <SwitchOrg connection={connection} onClose={() => setSwitching(false)} />}
    </section>
  );
}

function OrgKind({ connection: { is_sandbox: isSandbox } }: { connection: Connection }) {
  if (isSandbox === null) return null;
  return <span className={isSandbox ? 'tag tag-sandbox' : 'tag'}>{isSandbox ? 'Sandbox' : 'Production'}</span>;
}

function Facts({ connection }: { connection: Connection }) {
  const address = connection.instance_url ?? connection.org_id;
  return (
    <dl className="facts">
      <div>
        <dt>Salesforce org</dt>
        <dd>
          {connection.org_name && `${connection.org_name}, `}
          {address}
        </dd>
      </div>
      <div>
        <dt>Integration user</dt>
        <dd>{connection.integration_user?.username ?? 'unknown'}</dd>
      </div>
      <div>
        <dt>Logged in</dt>
        <dd>{connection.method === 'jwt' ? 'by the key of this server' : 'by an admin'}</dd>
      </div>
    </dl>
  );
}
