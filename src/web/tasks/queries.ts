import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import type { TaskQuery } from './views';

const PAGE = 100;

/** What the API is asked for: the address without the open task. */
function filtersOf({ view, from, to, q, type, priority, assignee }: TaskQuery) {
  const narrow = {
    ...(q !== '' && { q }),
    ...(type !== undefined && { type }),
    ...(priority !== undefined && { priority }),
    ...(assignee !== undefined && { assignee_id: assignee }),
  };
  const range = view === 'range' ? { ...(from && { from }), ...(to && { to }) } : {};
  return { narrow, view, range };
}

export function useTasks(query: TaskQuery) {
  const { narrow, view, range } = filtersOf(query);
  return useInfiniteQuery({
    queryKey: ['tasks', { view, ...narrow, ...range }],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/tasks', {
          params: { query: { view, ...narrow, ...range, limit: PAGE, ...(pageParam && { after: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useCounts(query: TaskQuery) {
  const { narrow } = filtersOf(query);
  return useQuery({
    queryKey: ['counts', narrow],
    queryFn: () => answerOf(api.GET('/v1/tasks/counts', { params: { query: narrow } })),
    placeholderData: keepPreviousData,
  });
}

export function useUsers() {
  return useQuery({
    queryKey: ['users'],
    queryFn: () => answerOf(api.GET('/v1/users', { params: { query: { limit: 200 } } })),
    staleTime: 60_000,
  });
}
