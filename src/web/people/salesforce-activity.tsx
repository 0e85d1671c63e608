import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { sentenceOf } from '../api/problem';
import { fullTime } from '../emails/email-words';
import { useMe } from '../shell/use-me';
import { agoWords } from '../tasks/due';
import { useNow } from '../ui/use-now';

const KINDS: Readonly<Record<Schemas['SalesforceActivity']['kind'], string>> = {
  ...{ call: 'Call', email: 'Email', task: 'Task' },
};

/** What was done in Salesforce itself: read there when somebody wants to see it. */
export function SalesforceActivity({ id }: { id: string }) {
  const [isWanted, setWanted] = useState(false);
  const activity = useQuery({
    queryKey: ['salesforce-activity', id],
    queryFn: () => answerOf(api.GET('/v1/people/{id}/salesforce-activity', { params: { path: { id } } })),
    enabled: isWanted,
    retry: false,
  });
  if (!isWanted) {
    return (
      <Button size="compact-sm" variant="subtle" onClick={() => setWanted(true)}>
        Show activity in Salesforce
      </Button>
    );
  }
  const all = activity.data?.data ?? [];
  return (
    <section aria-label="Activity in Salesforce">
      <h2 className="small-head">In Salesforce</h2>
      {activity.isPending && <Skeleton height={40} />}
      {activity.isError && <p className="quiet">{sentenceOf(activity.error)}</p>}
      {activity.isSuccess && all.length === 0 && <p className="quiet">Nothing was logged there.</p>}
      <ol className="history">
        {all.map((one) => (
          <Line key={one.id} activity={one} />
        ))}
      </ol>
    </section>
  );
}

function Line({ activity: { kind, subject, at, owner, result } }: { activity: Schemas['SalesforceActivity'] }) {
  const { time_zone: timeZone } = useMe();
  const now = useNow(30_000);
  return (
    <li>
      <span>
        <strong>{owner}</strong> · {KINDS[kind]}
        <span className="timeline-text">{subject}</span>
        {result !== null && <span className="timeline-text quiet">{result}</span>}
      </span>
      {at !== null && (
        <time dateTime={at} title={fullTime(at, timeZone)}>
          {agoWords(at, now)}
        </time>
      )}
    </li>
  );
}
