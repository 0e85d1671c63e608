import { Alert, Button, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api, type Schemas } from '../api/client';
import { Empty, Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';

/** A rep's own sync: on or off, and what of theirs is stuck. */
export function OwnSyncPage() {
  const { run, busy } = useRun(['sync', 'status', 'tasks', 'counts']);
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/status')),
  });
  const own = useQuery({
    queryKey: ['sync', 'own'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/me')),
    refetchInterval: ({ state }) => (isReading(state.data) ? 1_000 : false),
  });
  const problems = useQuery({
    queryKey: ['sync', 'own-problems'],
    queryFn: () =>
      answerOf(api.GET('/v1/salesforce/task-sync/problems', { params: { query: { state: 'open', limit: 50 } } })),
  });
  if (status.isPending || own.isPending) return <PageLoading />;
  if (!status.data) return <Failed error={status.error} retry={() => void status.refetch()} />;
  if (!own.data) return <Failed error={own.error} retry={() => void own.refetch()} />;
  const on = own.data.state !== 'off';
  const set = (enabled: boolean) =>
    run(
      async () => {
        const { ok, error } = await answerOf(api.PUT('/v1/salesforce/task-sync/me', { body: { enabled } }));
        if (!ok) throw new Error(error?.detail);
      },
      enabled
        ? 'Your Salesforce tasks are being read.'
        : 'Your tasks are frozen: nothing moves until you turn it on again.',
    );
  const stuck = problems.data?.data ?? [];
  return (
    <>
      <section className="card" aria-label="Task sync">
        <h2>My tasks in Salesforce: {on ? 'on' : 'off'}</h2>
        <p>{stateWords(own.data)}</p>
        {isReading(own.data) && <FirstSync progress={own.data.first_sync} />}
        <p className="quiet">
          While it is on, what you add, change, complete and delete here happens in Salesforce too, and the other way
          round.
        </p>
        {on && status.data.advice && <Alert color="gray">{status.data.advice}</Alert>}
        {own.data.locked ? (
          <p>Your admin decides about this: ask them to change it.</p>
        ) : (
          <div className="buttons buttons-left">
            <Button
              variant={on ? 'default' : 'filled'}
              loading={busy}
              disabled={!on && own.data.salesforce_username === null}
              onClick={() => void set(!on)}
            >
              {on ? 'Turn off' : 'Turn on'}
            </Button>
          </div>
        )}
      </section>
      {stuck.length === 0 ? (
        <Empty title="Nothing of yours is stuck">
          <p>What Salesforce refuses appears here, with what to do.</p>
        </Empty>
      ) : (
        stuck.map((problem) => (
          <section key={problem.id} className="card" aria-label={problem.task_name ?? 'Problem'}>
            <h2>
              {problem.task_id ? (
                <Link href={`/tasks?view=all&task=${problem.task_id}`}>{problem.task_name}</Link>
              ) : (
                problem.task_name
              )}
            </h2>
            <p>
              {problem.sentence} {problem.advice}
            </p>
            <Button
              size="compact-md"
              onClick={() =>
                void run(
                  () =>
                    answerOf(
                      api.POST('/v1/salesforce/task-sync/problems/{id}/retry', {
                        params: { path: { id: problem.id } },
                      }),
                    ),
                  'It is tried again now.',
                )
              }
            >
              Try again
            </Button>
          </section>
        ))
      )}
    </>
  );
}

type Own = Schemas['OwnEnrolmentDto'];

const isReading = (own: Own | undefined) => own?.state === 'reading' || own?.state === 'queued';

function FirstSync({ progress }: { progress: Own['first_sync'] }) {
  const share = progress?.total ? Math.min(100, (100 * progress.done) / progress.total) : 0;
  return <Progress value={share} aria-label="First-time sync" animated={share === 0} />;
}

/** Pure: where one's own sync stands, in words. */
function stateWords(own: Own): string {
  const day = (at: string | null) => (at === null ? '' : new Date(at).toLocaleDateString());
  if (own.salesforce_username === null) {
    return 'You are nobody in Salesforce yet: ask your admin to match you under Salesforce → Reps.';
  }
  switch (own.state) {
    case 'queued':
    case 'reading':
      return 'Your tasks in Salesforce are being read for the first time.';
    case 'synced':
    case 'cancelled':
      return `As ${own.salesforce_username}, since ${day(own.enrolled_at)}.`;
    case 'off':
      return own.turned_off_at === null
        ? `You are ${own.salesforce_username} there. Nothing is shared with Salesforce yet.`
        : `Turned off on ${day(own.turned_off_at)}: nothing moves, and what happens on both sides is merged when it is on again.`;
  }
}
