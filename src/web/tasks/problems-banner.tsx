import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { useMe } from '../shell/use-me';
import { useRun } from '../ui/use-run';

/** What Salesforce refused of one's tasks (admins: of the team's), and what to do: where nobody has to look for it. */
export function ProblemsBanner() {
  const { role } = useMe();
  const { run, busy } = useRun(['sync', 'status', 'tasks']);
  const kinds = useQuery({
    queryKey: ['sync', 'kinds'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/problems/kinds')),
    refetchInterval: 60_000,
  });
  const [first, ...others] = kinds.data?.data ?? [];
  if (!first) return null;
  const total = [first, ...others].reduce((sum, { count }) => sum + count, 0);
  const retry = () => answerOf(api.POST('/v1/salesforce/task-sync/problems/retry', { body: { code: first.code } }));
  const more = total - first.count;
  return (
    <section className="banner" aria-label="What Salesforce refused">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <p>
        <strong>
          {total === 1 ? 'Salesforce refused one change.' : `Salesforce refused ${total} changes.`} {first.sentence}
        </strong>{' '}
        {first.advice}
        {more > 0 && ` ${more} more ${more === 1 ? 'has' : 'have'} another reason.`}
      </p>
      <div className="buttons">
        <Button
          size="compact-md"
          variant="default"
          component={Link}
          href={role === 'admin' ? '/salesforce/problems' : '/settings/sync'}
        >
          Show
        </Button>
        <Button
          size="compact-md"
          color="red"
          loading={busy}
          onClick={() =>
            void run(retry, ({ retried }) => `${retried} ${retried === 1 ? 'task is' : 'tasks are'} tried again.`)
          }
        >
          Try again
        </Button>
      </div>
    </section>
  );
}
