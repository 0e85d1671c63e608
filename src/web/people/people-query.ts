import type { Schemas } from '../api/client';

export type Person = Schemas['PersonView'];
export type Group = Schemas['GroupView'];

/** What is shown, as the address says it. */
export interface PeopleQuery {
  q: string;
  /** Only people of this group. */
  group: string | undefined;
  /** The one that is open. */
  person: string | undefined;
}

export function parseQuery(search: string): PeopleQuery {
  const params = new URLSearchParams(search);
  const of = (name: string) => params.get(name) || undefined;
  return { q: params.get('q') ?? '', group: of('group'), person: of('person') };
}

export function searchOf({ q, group, person }: PeopleQuery): string {
  const params = new URLSearchParams({ ...(q && { q }), ...(group && { group }), ...(person && { person }) });
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** What the API is asked for: the address without the open person. */
export function filterOf({ q, group }: PeopleQuery): { q?: string; group_id?: string } {
  return { ...(q !== '' && { q }), ...(group !== undefined && { group_id: group }) };
}

/** Where the same people are to be had as a file. */
export function exportAddress(query: PeopleQuery): string {
  const params = new URLSearchParams(filterOf(query)).toString();
  return `/v1/people-export${params === '' ? '' : `?${params}`}`;
}
