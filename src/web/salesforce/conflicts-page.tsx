import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { agoWords } from '../tasks/due';
import { Empty, Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';

/** What both sides changed: which value stands, which lost, and to put that one into force. */
export function ConflictsPage() {
  const now = useNow(10_000);
  const { run, busy } = useRun(['sync', 'tasks', 'task', 'history', 'status']);
  const conflicts = useQuery({
    queryKey: ['sync', 'conflicts'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/conflicts', { params: { query: { limit: 100 } } })),
  });
  if (conflicts.isPending) return <PageLoading />;
  if (!conflicts.data) return <Failed error={conflicts.error} retry={() => void conflicts.refetch()} />;
  if (conflicts.data.data.length === 0) {
    return (
      <Empty title="No conflicts">
        <p>Nobody has changed the same field on both sides. If it happens, both values are kept and shown here.</p>
      </Empty>
    );
  }
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>Task</th>
            <th>Here</th>
            <th>In Salesforce</th>
            <th>What happened</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {conflicts.data.data.map((conflict) => (
            <tr key={conflict.id}>
              <td>
                <Link href={`/tasks?view=all&assignee=any&task=${conflict.task_id}`}>{conflict.task_name}</Link>
                <br />
                <span className="quiet">{conflict.field_name}</span>
              </td>
              <td className={conflict.winner === 'here' ? 'wins' : 'loses'}>{conflict.words.here ?? 'nothing'}</td>
              <td className={conflict.winner === 'there' ? 'wins' : 'loses'}>{conflict.words.there ?? 'nothing'}</td>
              <td>
                {conflict.explanation} <span className="quiet">{agoWords(conflict.at, now)}</span>
              </td>
              <td>
                {conflict.restored_at ? (
                  <span className="quiet">Restored</span>
                ) : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={busy}
                    aria-label={`Restore the losing ${conflict.field_name} of ${conflict.task_name}`}
                    onClick={() =>
                      void run(
                        () =>
                          answerOf(
                            api.POST('/v1/salesforce/task-sync/conflicts/{id}/restore', {
                              params: { path: { id: conflict.id } },
                            }),
                          ),
                        ({ sentence }) => sentence,
                      )
                    }
                  >
                    Restore
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
