import type { Schemas } from '../api/client';

export type Template = Schemas['TemplateView'];
export type TemplateSummary = Schemas['TemplateSummary'];
export type TemplateFigures = Schemas['TemplateFiguresView'];

export const LISTS = [
  ['all', 'All'],
  ['mine', 'Mine'],
  ['shared', 'Shared'],
  ['favourites', 'Favourites'],
] as const;
export type ListName = (typeof LISTS)[number][0];

/** What is shown, as the address says it. */
export interface TemplateQuery {
  list: ListName;
  category: string | undefined;
  q: string;
}

export function parseQuery(search: string): TemplateQuery {
  const params = new URLSearchParams(search);
  const list = LISTS.map(([name]) => name).find((name) => name === params.get('list')) ?? 'all';
  return { list, category: params.get('category') || undefined, q: params.get('q') ?? '' };
}

export function searchOf({ list, category, q }: TemplateQuery): string {
  const params = new URLSearchParams({
    ...(list !== 'all' && { list }),
    ...(category && { category }),
    ...(q && { q }),
  });
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
