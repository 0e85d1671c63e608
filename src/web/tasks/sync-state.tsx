import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import type { Task } from './lists';
import { SyncMark } from './sync-mark';

const TONES = {
  synced: 'good',
  waiting: 'waiting',
  problem: 'bad',
  off: 'off',
  deleted: 'off',
  not_synced: 'off',
} as const;

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

  const tone = TONES[head.state];
  const canAct = problem !== undefined || head.state === 'not_synced';
  return (
    <section className={`sync-state sync-${tone}`} aria-label="Salesforce">
      <div className="sync-line">
        <SyncMark task={task} />
        <span>{head.sentence}</span>
        {head.salesforce_url && (
          <a href={head.salesforce_url} target="_blank" rel="noreferrer" className="outside">
            Open in Salesforce <IconExternalLink size={15} aria-hidden="true" />
          </a>
        )}
      </div>
      {head.parked && <p className="sync-advice">{head.parked.advice}</p>}
      {problem && <p className="sync-advice quiet">Salesforce said: {problem.message}</p>}
      {canAct && (
        <div className="buttons buttons-left">
          {problem && (
            <Button size="compact-md" onClick={() => void run(() => retry(problem.id), 'It is tried again now.')}>
              Try again
            </Button>
          )}
          {head.state === 'not_synced' && (
            <Button
              size="compact-md"
              variant="default"
              onClick={() => void run(() => sendTask(task.id), 'It is on its way to Salesforce.')}
            >
              Send to Salesforce
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

const retry = (id: string) =>
  answerOf(api.POST('/v1/salesforce/task-sync/problems/{id}/retry', { params: { path: { id } } }));

const sendTask = (id: string) =>
  answerOf(api.POST('/v1/salesforce/task-sync/tasks/{id}/send', { params: { path: { id } } }));
