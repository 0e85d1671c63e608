import { answerOf, api, type Schemas } from '../../api/client';
import { reportLines } from './report-lines';
import type { PeopleImport } from './upload';

const PAGE = 200;

/** What became of each row, as a CSV file; `onPart` from 0 to 1. */
export async function downloadReport({ id, rows_done: total }: PeopleImport, onPart: (part: number) => void) {
  const rows: Schemas['ImportRowView'][] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: Schemas['ImportRowPage'] = await rowsAfter(id, after);
    rows.push(...page.data);
    after = page.next;
    onPart(Math.min(1, rows.length / Math.max(1, total)));
  }
  // With its mark, Excel reads it as UTF-8.
  const address = URL.createObjectURL(new Blob(['\uFEFF', reportLines(rows)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'import-report.csv';
  link.click();
  URL.revokeObjectURL(address);
}

const rowsAfter = (id: string, after: string) =>
  answerOf(
    api.GET('/v1/people-imports/{id}/rows', {
      params: { path: { id }, query: { limit: PAGE, ...(after !== '' && { after }) } },
    }),
  );
