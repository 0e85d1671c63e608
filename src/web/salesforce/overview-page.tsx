import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../api/client';
import { agoWords } from '../tasks/due';
import { Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';
import { Alarms } from './alarms';
import { ConnectionCard } from './connection-card';

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
      <ConnectionCard connection={connection.data} />
      {status.data && connection.data.status !== 'not_connected' && <Step status={status.data} />}
    </>
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
