import { Alert, Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import type { Task } from './cache';

const COLOURS = { problem: 'red', waiting: 'yellow' } as const;

/** How one task stands with Salesforce, and what to do where it does not get there. */
export function SyncState({ task }: { task: Task }) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const trace = useQuery({
    queryKey: ['task', task.id, 'trace'],
    queryFn: () =>
      answerOf(
        api.GET('/v1/salesforce/task-sync/tasks/{id}/trace', {
          params: { path: { id: task.id }, query: { limit: 1 } },
        }),
      ),
  });
  const problems = useQuery({
    queryKey: ['task', task.id, 'problems'],
    queryFn: () =>
      answerOf(
        api.GET('/v1/salesforce/task-sync/problems', {
          params: { query: { task_id: task.id, state: 'open', limit: 1 } },
        }),
      ),
    enabled: trace.data?.head.state === 'problem',
  });
  if (!trace.data) return null;
  const { head } = trace.data;
  const [problem] = problems.data?.data ?? [];

  async function run(work: () => Promise<unknown>, text: string) {
    try {
      await work();
      say({ text });
    } catch (error) {
      say({ text: sentenceOf(error), kind: 'error' });
    }
    await Promise.all(['task', 'tasks', 'status'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  }

  const colour = head.state === 'problem' ? COLOURS.problem : head.state === 'waiting' ? COLOURS.waiting : 'gray';
  return (
    <Alert color={colour} variant="light" className="sync-state" title={head.sentence}>
      {head.parked && <p>{head.parked.advice}</p>}
      <div className="buttons buttons-left">
        {problem && (
          <Button
            size="compact-sm"
            onClick={() =>
              void run(
                () =>
                  answerOf(
                    api.POST('/v1/salesforce/task-sync/problems/{id}/retry', { params: { path: { id: problem.id } } }),
                  ),
                'It is tried again now.',
              )
            }
          >
            Try again
          </Button>
        )}
        {head.state === 'not_synced' && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              void run(
                () =>
                  answerOf(api.POST('/v1/salesforce/task-sync/tasks/{id}/send', { params: { path: { id: task.id } } })),
                'It is on its way to Salesforce.',
              )
            }
          >
            Send to Salesforce
          </Button>
        )}
      </div>
    </Alert>
  );
}
