import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { fullTime } from '../emails/email-words';
import { useMe } from '../shell/use-me';
import { agoWords } from '../tasks/due';
import { useNow } from '../ui/use-now';
import { authorizationLine, GROUNDS } from './authorization-words';

interface HistoryProps {
  personId: string;
  /** Asked anew when it changes. */
  since: string | null;
}

/** Who noted which ground, and when it was taken back. */
export function AuthorizationHistory({ personId, since }: HistoryProps) {
  const { time_zone: timeZone } = useMe();
  const now = useNow(30_000);
  const history = useQuery({
    queryKey: ['authorizations', personId, since],
    queryFn: () =>
      answerOf(api.GET('/v1/people/{id}/authorizations', { params: { path: { id: personId }, query: { limit: 50 } } })),
  });
  const changes = history.data?.data ?? [];
  if (history.isError) return <p className="quiet">{sentenceOf(history.error)}</p>;
  if (changes.length === 0) return null;
  return (
    <ol className="history" aria-label="History of the ground">
      {changes.map((change) => (
        <li key={change.id}>
          <span>
            <strong>{change.who.name}</strong>{' '}
            {change.type === null ? 'took it back' : `noted: ${GROUNDS[change.type]}`}
            {authorizationLine(change) !== '' && <span className="quiet"> {authorizationLine(change)}</span>}
          </span>
          <time dateTime={change.at} title={fullTime(change.at, timeZone)}>
            {agoWords(change.at, now)}
          </time>
        </li>
      ))}
    </ol>
  );
}
