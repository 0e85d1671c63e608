import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import type { ColumnSet } from './columns';
import type { Folder } from './folders';

const KEY = ['email-column-sets'];
type Sets = { data: ColumnSet[] };

const save = ({ folder, columns, sort, rows_per_page, roll_up }: ColumnSet) =>
  answerOf(
    api.PUT('/v1/emails/column-sets/{folder}', {
      ...{ params: { path: { folder } }, body: { columns, sort, rows_per_page, roll_up } },
    }),
  );
const reset = (folder: Folder) =>
  answerOf(api.DELETE('/v1/emails/column-sets/{folder}', { params: { path: { folder } } }));

/** How one has the list of a folder: changed at once here, kept by the server one change after the other. */
export function useColumnSet(folder: Folder) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const saving = useRef<Promise<unknown>>(Promise.resolve());
  const sets = useQuery({
    queryKey: KEY,
    queryFn: () => answerOf(api.GET('/v1/emails/column-sets')),
    staleTime: 60_000,
  });
  const set = sets.data?.data.find((one) => one.folder === folder);

  const show = useCallback(
    (next: ColumnSet) =>
      queries.setQueryData<Sets>(
        KEY,
        (known) => known && { data: known.data.map((one) => (one.folder === next.folder ? next : one)) },
      ),
    [queries],
  );
  const after = useCallback(
    (work: () => Promise<void>) => {
      saving.current = saving.current.then(work).catch((error: unknown) => {
        say({ text: sentenceOf(error), kind: 'error' });
        return queries.invalidateQueries({ queryKey: KEY });
      });
    },
    [queries, say],
  );

  const change = (changes: Partial<Omit<ColumnSet, 'folder'>>) => {
    if (!set) return;
    const next = { ...set, ...changes, saved: true };
    show(next);
    after(async () => void (await save(next)));
  };
  const toUsual = () => after(async () => void show(await reset(folder)));
  return { set, error: sets.error, retry: () => void sets.refetch(), change, toUsual };
}
