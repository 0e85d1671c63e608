import { Alert, Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { agoWords } from '../tasks/due';
import { Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';
import { Alarms } from './alarms';

const TITLES = {
  connected: 'Connected',
  stopped: 'The connection has stopped',
  disconnected: 'Disconnected',
  not_connected: 'Not connected yet',
} as const;

export function OverviewPage() {
  const connection = useQuery({
    queryKey: ['sync', 'connection'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/connection')),
  });
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/status')),
  });
  if (connection.isPending || status.isPending) return <PageLoading />;
  if (!connection.data) return <Failed error={connection.error} retry={() => void connection.refetch()} />;
  return (
    <>
      <Alarms />
      <Connection connection={connection.data} />
      {status.data && connection.data.status !== 'not_connected' && <Step status={status.data} />}
    </>
  );
}

function Connection({ connection }: { connection: Schemas['ConnectionView'] }) {
  const { run, busy } = useRun(['sync', 'status']);
  const [url, setUrl] = useState(connection.login_url ?? '');
  const on = connection.status === 'connected';
  const connect = () =>
    run(async () => {
      const body = url.trim() === '' ? {} : { login_url: url.trim() };
      const { authorize_url: address } = await answerOf(api.POST('/v1/salesforce/connection', { body }));
      location.assign(address);
    }, 'Salesforce asks you to log in …');
  return (
    <section className="card" aria-label="Connection">
      <h2>{TITLES[connection.status]}</h2>
      {connection.reason && (
        <Alert color="red" role="alert">
          {connection.reason}
        </Alert>
      )}
      {connection.paused && (
        <Alert color="yellow">Sync is paused. Changes are kept on both sides and go through when you resume it.</Alert>
      )}
      {connection.org_id && (
        <dl className="facts">
          <div>
            <dt>Salesforce org</dt>
            <dd>{connection.instance_url ?? connection.org_id}</dd>
          </div>
          <div>
            <dt>Integration user</dt>
            <dd>{connection.integration_user?.username ?? 'unknown'}</dd>
          </div>
        </dl>
      )}
      {!on && (
        <TextInput
          label="Log-in address"
          description="Leave it empty for login.salesforce.com; a sandbox uses https://test.salesforce.com."
          placeholder="https://login.salesforce.com"
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        />
      )}
      <div className="buttons buttons-left buttons-spaced">
        <Button variant={on ? 'default' : 'filled'} loading={busy} onClick={() => void connect()}>
          {on ? 'Connect again' : 'Connect Salesforce'}
        </Button>
        {on && !connection.paused && (
          <Button
            variant="default"
            onClick={() =>
              void run(() => answerOf(api.POST('/v1/salesforce/connection/pause')), 'Paused: nothing is sent or read.')
            }
          >
            Pause all sync
          </Button>
        )}
        {connection.paused && (
          <Button
            onClick={() => void run(() => answerOf(api.POST('/v1/salesforce/connection/resume')), 'Sync goes on.')}
          >
            Resume
          </Button>
        )}
      </div>
    </section>
  );
}

function Step({ status }: { status: Schemas['SyncStatusDto'] }) {
  const now = useNow(1_000);
  const { run, busy } = useRun(['sync', 'status']);
  const ago = (at: string | null) => (at === null ? 'not yet' : agoWords(at, now));
  const facts: [string, string][] = [
    ['Salesforce was read', ago(status.last_pull_at)],
    [
      'Changes waiting to go there',
      status.waiting === 0 ? 'none' : `${status.waiting}, since ${ago(status.waiting_since)}`,
    ],
    ['Tasks that need somebody', status.problems === 0 ? 'none' : String(status.problems)],
    ['Reps that sync', String(status.reps_syncing)],
    ['First syncs running', status.reps_reading === 0 ? 'none' : String(status.reps_reading)],
    [
      'Both sides compared',
      status.last_reconcile_at === null
        ? 'not yet'
        : `${ago(status.last_reconcile_at)}, ${status.last_reconcile_drift ?? 0} differences repaired`,
    ],
  ];
  return (
    <section className="card" aria-label="In step">
      <h2>{status.two_way ? 'In both directions' : 'From Salesforce only'}</h2>
      {status.advice && <Alert color={status.two_way ? 'gray' : 'yellow'}>{status.advice}</Alert>}
      {status.last_failure && <Alert color="red">{status.last_failure}</Alert>}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="buttons buttons-left">
        <Button
          variant="default"
          loading={busy}
          onClick={() =>
            void run(() => answerOf(api.POST('/v1/salesforce/task-sync/sync-now')), 'Salesforce is read at once.')
          }
        >
          Read now
        </Button>
        <Button
          variant="default"
          onClick={() =>
            void run(
              () => answerOf(api.POST('/v1/salesforce/task-sync/reconcile')),
              'Both sides are compared; what differs is repaired.',
            )
          }
        >
          Compare both sides
        </Button>
      </div>
    </section>
  );
}
