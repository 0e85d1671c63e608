import { useQueries } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../api/client';

export type Person = Pick<Schemas['PersonView'], 'id' | 'name' | 'email' | 'time_zone'>;

export const personQuery = (id: string) => ({
  queryKey: ['person', id],
  queryFn: () => answerOf(api.GET('/v1/people/{id}', { params: { path: { id } } })),
  staleTime: 60_000,
});

/** People by id, in their order; those that are not read yet have no name. */
export function usePeople(ids: readonly string[]): Person[] {
  return useQueries({
    queries: ids.map(personQuery),
    combine: (answers) =>
      answers.map(({ data, isError }, index) => {
        const id = ids[index] ?? '';
        return data ?? { id, name: isError ? 'Somebody you do not see' : '…', email: null, time_zone: null };
      }),
  });
}
