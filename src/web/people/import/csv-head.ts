export type Delimiter = 'comma' | 'semicolon' | 'tab';

const SIGNS: Readonly<Record<Delimiter, string>> = { comma: ',', semicolon: ';', tab: '\t' };

/** Pure: what stands between the columns, by the first line; quoted texts say nothing about it. */
export function delimiterOf(text: string): Delimiter {
  const [line = ''] = text.replaceAll(/"[^"]*"/g, '').split(/\r?\n/);
  const count = (delimiter: Delimiter) => line.split(SIGNS[delimiter]).length;
  return (['comma', 'semicolon', 'tab'] as const).reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** Pure: the first lines of a CSV file, its headers first. The last line may be cut, and is left out unless `isWhole`. */
export function firstLines(text: string, delimiter: Delimiter, most: number, isWhole: boolean): string[][] {
  const sign = SIGNS[delimiter];
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endLine = () => {
    cells.push(cell.trim());
    if (cells.some((one) => one !== '')) lines.push(cells);
    [cells, cell] = [[], ''];
  };
  const source = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < source.length && lines.length < most; at += 1) {
    const letter = source[at] ?? '';
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (source[at + 1] === '"') cell += source[(at += 1)];
      else isQuoted = false;
    } else if (letter === '"' && cell === '') isQuoted = true;
    else if (letter === sign) {
      cells.push(cell.trim());
      cell = '';
    } else if (letter === '\n') endLine();
    else if (letter !== '\r') cell += letter;
  }
  if (isWhole && lines.length < most && (cell !== '' || cells.length > 0)) endLine();
  return lines;
}
