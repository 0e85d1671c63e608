import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { useNow } from '../ui/use-now';
import { agoWords } from './due';
import { changeWords } from './history-words';
import type { Colleague } from './pickers';

/** What happened to a task, here and in Salesforce. */
export function History({ id, users }: { id: string; users: readonly Colleague[] }) {
  const now = useNow(10_000);
  const history = useQuery({
    queryKey: ['history', id],
    queryFn: () => answerOf(api.GET('/v1/tasks/{id}/history', { params: { path: { id }, query: { limit: 50 } } })),
  });
  const changes = history.data?.data ?? [];
  return (
    <section aria-label="History">
      <h2 className="small-head">History</h2>
      {changes.length === 0 && <p className="quiet">Nothing was changed yet.</p>}
      <ol className="history">
        {changes.map((change) => (
          <li key={change.id}>
            <span>
              <strong>{change.who.name}</strong> {changeWords(change, users)}
              {change.origin === 'salesforce' && <span className="origin">Salesforce</span>}
            </span>
            <time dateTime={change.at} title={new Date(change.at).toLocaleString()}>
              {agoWords(change.at, now)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
