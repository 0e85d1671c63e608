import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../api/client';
import { useNow } from '../ui/use-now';
import { agoWords } from './due';
import type { Colleague } from './pickers';

type Change = Schemas['TaskChangeView'];

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
      <h3>History</h3>
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

const FIELD_NAMES: Readonly<Record<string, string>> = {
  due_date: 'due date',
  assignee_id: 'assignee',
  person_id: 'person',
  reminder_at: 'reminder',
  what_id: 'related record',
  what_name: 'related record',
  who_id: 'Salesforce person',
  call_outcome: 'call outcome',
  call_reason: 'call reason',
  snoozed_until: 'snooze',
  deleted_at: 'deletion',
};

/** Pure: what one change was, as a person says it. */
export function changeWords({ field, old, new: now }: Change, users: readonly Colleague[]): string {
  if (field === 'status') return now === 'open' ? 'opened it again' : now === 'skipped' ? 'skipped it' : 'completed it';
  if (field === 'deleted_at') return now === null ? 'restored it' : 'deleted it';
  if (field === 'created' || field === 'task') return 'added it';
  if (field === 'details') return 'changed the details';
  const shown = (value: string | null) =>
    value === null || value === '' ? 'nothing' : (users.find(({ id }) => id === value)?.name ?? value);
  return `changed the ${FIELD_NAMES[field] ?? field} from ${shown(old)} to ${shown(now)}`;
}
