import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../api/client';
import { filterOf, type Group, type PeopleQuery } from './people-query';

const PAGE = 100;
const GROUPS_PAGE = 200;

export function usePeople(query: PeopleQuery) {
  const filter = filterOf(query);
  return useInfiniteQuery({
    queryKey: ['people', filter],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/people', {
          params: { query: { ...filter, limit: PAGE, ...(pageParam && { after: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export const readPerson = (id: string) => answerOf(api.GET('/v1/people/{id}', { params: { path: { id } } }));

/** All that one sees, by name. */
export function useGroups() {
  return useQuery({ queryKey: ['groups', 'all'], queryFn: allGroups, staleTime: 30_000 });
}

async function allGroups(): Promise<Group[]> {
  const groups: Group[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: Schemas['GroupPage'] = await groupsAfter(after);
    groups.push(...page.data);
    after = page.next;
  }
  return groups;
}

const groupsAfter = (after: string) =>
  answerOf(api.GET('/v1/groups', { params: { query: { limit: GROUPS_PAGE, ...(after !== '' && { after }) } } }));
