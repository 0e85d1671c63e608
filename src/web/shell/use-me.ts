import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../api/client';

export type Me = Schemas['MeView'];

export const meQuery = { queryKey: ['me'], queryFn: () => answerOf(api.GET('/v1/me')), staleTime: 60_000 };

/** Who is signed in. Only inside the shell, which is not drawn before that is known. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error('Nobody is signed in.');
  return data;
}
