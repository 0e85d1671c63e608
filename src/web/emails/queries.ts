import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { answerOf, api } from '../api/client';
import type { EmailList } from './columns';

/** Events tell what changes; where one was lost, this finds it while somebody looks. */
const COUNTS_EVERY_MS = 10_000;

/** Undefined: it is not known yet how the folder is kept. */
export function useEmails(list: EmailList | undefined) {
  const { folder, sort, q = '', rollUp, user, batch, rowsPerPage } = list ?? {};
  const asked = {
    ...(folder !== undefined && { folder }),
    ...(sort !== undefined && { sort }),
    ...(rowsPerPage !== undefined && { limit: rowsPerPage }),
    ...(q !== '' && { q }),
    ...(rollUp && { roll_up: true }),
    ...(user !== undefined && { user_id: user }),
    ...(batch !== undefined && { batch_id: batch }),
  };
  return useInfiniteQuery({
    queryKey: ['emails', asked],
    queryFn: ({ pageParam }) =>
      answerOf(api.GET('/v1/emails', { params: { query: { ...asked, ...(pageParam && { after: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    enabled: list !== undefined,
  });
}

/** How many each folder has; when that changes, the lists have changed, too. */
export function useEmailCounts(user: string | undefined) {
  const queries = useQueryClient();
  const counts = useQuery({
    queryKey: ['email-counts', user],
    queryFn: () =>
      answerOf(api.GET('/v1/emails/counts', { params: { query: user === undefined ? {} : { user_id: user } } })),
    refetchInterval: COUNTS_EVERY_MS,
  });
  const seen = JSON.stringify(counts.data);
  const before = useRef(seen);
  useEffect(() => {
    const isNews = before.current !== undefined && before.current !== seen;
    before.current = seen;
    if (isNews) void queries.invalidateQueries({ queryKey: ['emails'] });
  }, [seen, queries]);
  return counts;
}

const emailQuery = (id: string) => ({
  queryKey: ['email', id],
  queryFn: () => answerOf(api.GET('/v1/emails/{id}', { params: { path: { id } } })),
});

export function useEmail(id: string | undefined) {
  return useQuery({ ...emailQuery(id ?? ''), enabled: id !== undefined });
}

/** To be edited: read anew when the form opens, whatever was known. */
export function useFreshEmail(id: string) {
  return useQuery({ ...emailQuery(id), refetchOnMount: 'always' });
}

export function useIdentities() {
  return useQuery({
    queryKey: ['identities'],
    queryFn: () => answerOf(api.GET('/v1/identities')),
    staleTime: 60_000,
  });
}

/** What each act with emails changes. */
export const EMAIL_KEYS = ['emails', 'email-counts', 'email', 'email-events'] as const;
