import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { agoWords } from '../tasks/due';
import { useNow } from '../ui/use-now';
import { eventWords, fullTime, noteWords } from './email-words';

/** What happened to an email, newest first. */
export function EmailEvents({ id, timeZone }: { id: string; timeZone: string }) {
  const now = useNow(10_000);
  const events = useInfiniteQuery({
    queryKey: ['email-events', id],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/emails/{id}/events', {
          params: { path: { id }, query: { limit: 50, ...(pageParam && { after: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const all = events.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section aria-label="What happened">
      <h2 className="small-head">What happened</h2>
      <ol className="history">
        {all.map(({ id: eventId, event, at, who, detail }) => (
          <li key={eventId}>
            <span>
              <strong>{who.name}</strong> {eventWords(event)}
              {detail && <span className="quiet"> · {noteWords(detail)}</span>}
            </span>
            <time dateTime={at} title={fullTime(at, timeZone)}>
              {agoWords(at, now)}
            </time>
          </li>
        ))}
      </ol>
      {events.hasNextPage && (
        <Button size="compact-sm" variant="subtle" onClick={() => void events.fetchNextPage()}>
          Show older
        </Button>
      )}
    </section>
  );
}
