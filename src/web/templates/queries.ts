import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import type { TemplateQuery } from './template-query';

const PAGE = 50;

export function useTemplates({ list, category, q }: TemplateQuery) {
  const asked = { list, ...(category !== undefined && { category }), ...(q !== '' && { q }) };
  return useInfiniteQuery({
    queryKey: ['templates', 'list', asked],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/templates', {
          params: { query: { ...asked, limit: PAGE, ...(pageParam && { after: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useCategories() {
  return useQuery({
    queryKey: ['templates', 'categories'],
    queryFn: () => answerOf(api.GET('/v1/templates/categories')),
  });
}

export const readTemplate = (id: string) => answerOf(api.GET('/v1/templates/{id}', { params: { path: { id } } }));
