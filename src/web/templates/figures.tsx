import { useQueries, useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { figureWords, percentWords } from './figure-words';
import type { TemplateFigures, TemplateSummary } from './template-query';

const read = (ids: readonly string[]) =>
  answerOf(api.GET('/v1/template-figures', { params: { query: { ids: ids.join() } } }));

const of = (ids: readonly string[]) => ({
  queryKey: ['templates', 'figures', ids],
  queryFn: () => read(ids),
  enabled: ids.length > 0,
});

/** Of what a list shows, page by page, as it was loaded. */
export function useListFigures(pages: readonly (readonly TemplateSummary[])[]): ReadonlyMap<string, TemplateFigures> {
  const answers = useQueries({ queries: pages.map((page) => of(page.map(({ id }) => id))) });
  return new Map(answers.flatMap(({ data }) => data?.data ?? []).map((one) => [one.template_id, one]));
}

/** In a row: what the whole team sent with it. */
export function RowFigures({ figures }: { figures: TemplateFigures | undefined }) {
  return (
    <span className="template-figures">
      {figures && (
        <>
          <span>{figureWords(figures.team.sent, 'sent')}</span>
          {figures.team.sent > 0 && <small>{percentWords(figures.team.success_rate)} success</small>}
        </>
      )}
    </span>
  );
}

const ROWS = [
  ['sent', 'Sent'],
  ['delivered', 'Delivered'],
  ['bounced', 'Bounced'],
  ['spam', 'Spam'],
  ['failed', 'Failed'],
  ['success', 'Success'],
] as const;

/** Beside the template: what oneself sent with it, and what the team did. */
export function TemplateFiguresTable({ id }: { id: string }) {
  const query = useQuery(of([id]));
  const [figures] = query.data?.data ?? [];
  if (query.isError) return <p className="quiet">The figures of this template cannot be read at the moment.</p>;
  if (!figures) return null;
  const { mine, team } = figures;
  return (
    <table className="figures">
      <caption>What became of its emails</caption>
      <thead>
        <tr>
          <td />
          {mine && <th scope="col">You</th>}
          <th scope="col">Team</th>
        </tr>
      </thead>
      <tbody>
        {ROWS.map(([field, name]) => (
          <tr key={field}>
            <th scope="row">{name}</th>
            {mine && <td>{mine[field].toLocaleString('en')}</td>}
            <td>{team[field].toLocaleString('en')}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">Success rate</th>
          {mine && <td>{percentWords(mine.success_rate)}</td>}
          <td>{percentWords(team.success_rate)}</td>
        </tr>
      </tbody>
    </table>
  );
}
