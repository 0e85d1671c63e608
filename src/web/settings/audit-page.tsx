import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { Empty, Failed, PageLoading } from '../ui/states';
import { actionWords, detailWords } from './audit-words';

/** What was done with rights over others, newest first. */
export function AuditPage() {
  const audit = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) =>
      answerOf(api.GET('/v1/audit', { params: { query: { limit: 50, ...(pageParam && { after: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  if (audit.isPending) return <PageLoading />;
  if (!audit.data) return <Failed error={audit.error} retry={() => void audit.refetch()} />;
  const entries = audit.data.pages.flatMap(({ data }) => data);
  if (entries.length === 0) {
    return (
      <Empty title="Nothing yet">
        <p>What admins do with users, keys, the team and Salesforce is written down here.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>When</th>
              <th>Who</th>
              <th>What</th>
              <th>On</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ id, at, actor, action, target, details }) => (
              <tr key={id}>
                <td className="nowrap">{new Date(at).toLocaleString()}</td>
                <td>{actor.name ?? actor.type}</td>
                <td>
                  {actionWords(action)}
                  <div className="quiet">{detailWords(details)}</div>
                </td>
                <td>{target ? (target.name ?? target.type.replaceAll('_', ' ')) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {audit.hasNextPage && (
        <div className="buttons buttons-left buttons-spaced">
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            Show earlier
          </Button>
        </div>
      )}
    </>
  );
}
