import { answerOf, api, type Schemas } from '../api/client';
import type { Group } from './people-query';

/** As many as the API takes in one call. */
const MOST_AT_ONCE = 1_000;

async function inParts<T>(ids: readonly string[], work: (ids: string[]) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) results.push(await work(ids.slice(at, at + MOST_AT_ONCE)));
  return results;
}

export function addToGroup({ id }: Group, ids: readonly string[]): Promise<Schemas['GroupAddition'][]> {
  return inParts(ids, (some) =>
    answerOf(api.POST('/v1/groups/{id}/members', { params: { path: { id } }, body: { person_ids: some } })),
  );
}

export function removeFromGroup({ id }: Group, ids: readonly string[]): Promise<Schemas['GroupRemoval'][]> {
  return inParts(ids, (some) =>
    answerOf(api.POST('/v1/groups/{id}/members/remove', { params: { path: { id } }, body: { person_ids: some } })),
  );
}
