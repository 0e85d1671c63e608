import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { useMe } from '../shell/use-me';
import { Empty } from '../ui/states';
import type { TaskQuery } from './views';

export function RowsLoading({ what = 'tasks' }: { what?: string }) {
  return (
    <div className="rows-loading" aria-busy="true" aria-label={`Loading the ${what}`} role="status">
      {[62, 48, 71, 55, 66, 43, 58].map((width) => (
        <div key={width}>
          <Skeleton height={18} width={18} circle />
          <Skeleton height={14} width={`${width}%`} />
        </div>
      ))}
    </div>
  );
}

interface NothingProps {
  query: TaskQuery;
  late: number;
  onAdd(): void;
  show(changes: Partial<TaskQuery>): void;
}

/** An empty view says why it is empty, and what is next. */
export function Nothing({ query, late, onAdd, show }: NothingProps) {
  if (query.q !== '' || query.type !== undefined || query.priority !== undefined) {
    return (
      <Empty title="No task matches">
        <p>Nothing in this view fits what you search for.</p>
        <Button variant="default" onClick={() => show({ q: '', type: undefined, priority: undefined })}>
          Clear the search
        </Button>
      </Empty>
    );
  }
  if (query.view === 'today' && late > 0) {
    return (
      <Empty title="Nothing is due today or tomorrow">
        <p>{late === 1 ? 'One task is late.' : `${late} tasks are late.`} This would be a good time for it.</p>
        <Button onClick={() => show({ view: 'overdue' })}>Show what is late</Button>
      </Empty>
    );
  }
  const isDone = query.view === 'today' || query.view === 'overdue';
  return (
    <Empty title={isDone ? 'All done here' : 'Nothing in this view'}>
      <p>{isDone ? 'Look at what is coming, or add what you do not want to forget.' : 'Tasks that fit appear here.'}</p>
      <div className="buttons buttons-middle">
        {isDone && (
          <Button variant="default" onClick={() => show({ view: 'upcoming' })}>
            What is coming
          </Button>
        )}
        <Button onClick={onAdd}>Add task</Button>
      </div>
      <FirstSteps />
    </Empty>
  );
}

/** For who is new: where tasks come from. */
function FirstSteps() {
  const { role } = useMe();
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/status')),
  });
  if (!status.data) return null;
  if (!status.data.connected) {
    return (
      <p className="quiet first-steps">
        Salesforce is not connected.{' '}
        {role === 'admin' ? <Link href="/salesforce">Connect it</Link> : 'An admin of your team can connect it.'}
      </p>
    );
  }
  return (
    <p className="quiet first-steps">
      Your Salesforce tasks appear here once <Link href="/settings/sync">your sync</Link> is on.
    </p>
  );
}
