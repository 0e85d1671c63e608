import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../api/client';
import { sentenceOf } from '../api/problem';
import { agoWords } from '../tasks/due';
import { useNow } from '../ui/use-now';

const SOURCES: Readonly<Record<Schemas['UnsubscribeView']['source'], string>> = {
  manual: 'by hand',
  link: 'by the link in an email',
  salesforce: 'in Salesforce',
  bounce: 'because an email bounced',
  complaint: 'because they marked an email as spam',
  import: 'by an import',
};

interface HistoryProps {
  id: string;
  /** Asked anew when it changes. */
  since: string | null;
}

/** When they unsubscribed and came back, who did it, and why. */
export function UnsubscribeHistory({ id, since }: HistoryProps) {
  const now = useNow(30_000);
  const history = useQuery({
    queryKey: ['unsubscribes', id, since],
    queryFn: () =>
      answerOf(api.GET('/v1/people/{id}/unsubscribes', { params: { path: { id }, query: { limit: 50 } } })),
  });
  const times = history.data?.data ?? [];
  if (history.isError) return <p className="quiet">{sentenceOf(history.error)}</p>;
  if (times.length === 0) return null;
  return (
    <ol className="history" aria-label="Subscription history">
      {times.map(({ id: key, what, source, reason, who, at }) => (
        <li key={key}>
          <span>
            <strong>{who.name}</strong> {what === 'unsubscribed' ? 'unsubscribed them' : 'subscribed them again'},{' '}
            {SOURCES[source]}
            {reason !== null && <>: “{reason}”</>}
          </span>
          <time dateTime={at} title={new Date(at).toLocaleString()}>
            {agoWords(at, now)}
          </time>
        </li>
      ))}
    </ol>
  );
}
