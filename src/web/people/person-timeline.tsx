import { Button, Skeleton } from '@mantine/core';
import { IconChecklist, IconMail, IconMailOff, IconNote, IconPhone, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { fullTime } from '../emails/email-words';
import { useMe } from '../shell/use-me';
import { agoWords } from '../tasks/due';
import { useNow } from '../ui/use-now';
import { entryPath, entryWords, type TimelineEntry } from './timeline-words';

const AT_A_TIME = 20;

/** What happened between the team and a person, newest first. */
export function PersonTimeline({ id, name }: { id: string; name: string }) {
  const timeline = useInfiniteQuery({
    queryKey: ['timeline', id],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/people/{id}/timeline', {
          params: { path: { id }, query: { limit: AT_A_TIME, ...(pageParam && { after: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const all = timeline.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section aria-label="Timeline" className="timeline">
      <h2 className="small-head">Timeline</h2>
      {timeline.isPending && <Skeleton height={60} />}
      {timeline.isError && <p className="quiet">{sentenceOf(timeline.error)}</p>}
      {timeline.isSuccess && all.length === 0 && (
        <p className="quiet">Nothing yet: emails, tasks, calls and notes will be here.</p>
      )}
      <ol className="history">
        {all.map((entry) => (
          <Entry key={`${entry.kind} ${entry.id}`} entry={entry} name={name} />
        ))}
      </ol>
      {timeline.hasNextPage && (
        <Button
          size="compact-sm"
          variant="subtle"
          loading={timeline.isFetchingNextPage}
          onClick={() => void timeline.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </section>
  );
}

function Entry({ entry, name }: { entry: TimelineEntry; name: string }) {
  const { time_zone: timeZone } = useMe();
  const now = useNow(30_000);
  const { at, who, text, detail } = entry;
  const path = entryPath(entry);
  const isAhead = new Date(at) > now;
  return (
    <li>
      <span className="timeline-entry">
        <Mark entry={entry} />
        <span>
          <strong>{who.name === '' ? name : who.name}</strong> {entryWords(entry)}
          {text !== null && <span className="timeline-text">{path ? <Link href={path}>{text}</Link> : text}</span>}
          {detail !== null && <span className="timeline-text quiet">{detail}</span>}
        </span>
      </span>
      <time dateTime={at} title={fullTime(at, timeZone)}>
        {isAhead ? fullTime(at, timeZone) : agoWords(at, now)}
      </time>
    </li>
  );
}

function Mark({ entry: { kind, type } }: { entry: TimelineEntry }) {
  const props = { size: 16, 'aria-hidden': true } as const;
  switch (kind) {
    case 'email':
      return <IconMail {...props} />;
    case 'task':
      return type === 'call' ? <IconPhone {...props} /> : <IconChecklist {...props} />;
    case 'note':
      return <IconNote {...props} />;
    case 'unsubscribe':
      return <IconMailOff {...props} />;
    case 'authorization':
      return <IconShieldCheck {...props} />;
  }
}
