import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { agoWords } from '../tasks/due';
import { Empty, Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';

/** What Salesforce refused: why, what to do, and to try it again. */
export function ProblemsPage() {
  const now = useNow(10_000);
  const { run, busy } = useRun(['sync', 'status', 'tasks']);
  const kinds = useQuery({
    queryKey: ['sync', 'kinds'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/problems/kinds')),
  });
  const problems = useQuery({
    queryKey: ['sync', 'problems'],
    queryFn: () =>
      answerOf(api.GET('/v1/salesforce/task-sync/problems', { params: { query: { state: 'open', limit: 100 } } })),
  });
  if (kinds.isPending || problems.isPending) return <PageLoading />;
  if (!kinds.data || !problems.data) {
    return <Failed error={kinds.error ?? problems.error} retry={() => void problems.refetch()} />;
  }
  if (kinds.data.data.length === 0) {
    return (
      <Empty title="Nothing is stuck">
        <p>Every change has gone through, or is on its way by itself.</p>
      </Empty>
    );
  }
  return kinds.data.data.map(({ code, sentence, advice, count }) => (
    <section key={code} className="card" aria-label={sentence}>
      <h2>{sentence}</h2>
      <p>{advice}</p>
      <Button
        size="compact-md"
        loading={busy}
        onClick={() =>
          void run(
            () => answerOf(api.POST('/v1/salesforce/task-sync/problems/retry', { body: { code } })),
            ({ retried }) => (retried === 1 ? '1 task is tried again.' : `${retried} tasks are tried again.`),
          )
        }
      >
        {count === 1 ? 'Try again' : `Try all ${count} again`}
      </Button>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>Task</th>
              <th>What Salesforce said</th>
              <th>Last tried</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {problems.data.data
              .filter((problem) => problem.code === code)
              .map((problem) => (
                <tr key={problem.id}>
                  <td>
                    {problem.task_id === null ? (
                      (problem.task_name ?? problem.salesforce_id)
                    ) : (
                      <Link href={`/tasks?view=all&assignee=any&task=${problem.task_id}`}>{problem.task_name}</Link>
                    )}
                  </td>
                  <td>{problem.message}</td>
                  <td className="nowrap">
                    {agoWords(problem.last_at, now)}, {problem.attempts}×
                  </td>
                  <td>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="gray"
                      aria-label={`Ignore the problem of ${problem.task_name ?? 'this record'}`}
                      onClick={() =>
                        void run(
                          () =>
                            answerOf(
                              api.POST('/v1/salesforce/task-sync/problems/{id}/ignore', {
                                params: { path: { id: problem.id } },
                              }),
                            ),
                          'Left alone until somebody edits the task.',
                        )
                      }
                    >
                      Ignore
                    </Button>
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </section>
  ));
}
