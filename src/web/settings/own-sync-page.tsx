import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { Empty, Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';

/** A rep's own sync: on or off, and what of theirs is stuck. */
export function OwnSyncPage() {
  const { run, busy } = useRun(['sync', 'status', 'tasks', 'counts']);
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/status')),
  });
  const problems = useQuery({
    queryKey: ['sync', 'own-problems'],
    queryFn: () =>
      answerOf(api.GET('/v1/salesforce/task-sync/problems', { params: { query: { state: 'open', limit: 50 } } })),
  });
  if (status.isPending) return <PageLoading />;
  if (!status.data) return <Failed error={status.error} retry={() => void status.refetch()} />;
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
        <h2>My tasks in Salesforce</h2>
        <p>
          While it is on, what you add, change, complete and delete here happens in Salesforce too, and the other way
          round.
        </p>
        {status.data.advice && <Alert color="gray">{status.data.advice}</Alert>}
        <div className="buttons buttons-left">
          <Button loading={busy} onClick={() => void set(true)}>
            Turn on
          </Button>
          <Button variant="default" loading={busy} onClick={() => void set(false)}>
            Turn off
          </Button>
        </div>
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
