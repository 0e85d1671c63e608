import type { Schemas } from '../../api/client';

/** Pure: the report as CSV. A text that a spreadsheet would run begins with ' there, as in the export. */
export function reportLines(rows: readonly Schemas['ImportRowView'][]): string {
  const lines = rows.map(({ row, outcome, reason, person_id: person }) => [String(row), outcome, reason, person]);
  return [['row', 'outcome', 'reason', 'person_id'], ...lines]
    .map((cells) => `${cells.map(cellOf).join(',')}\r\n`)
    .join('');
}

function cellOf(text: string | null): string {
  const plain = text === null ? '' : text.replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
