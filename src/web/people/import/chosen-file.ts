import { type Delimiter, delimiterOf, firstLines } from './csv-head';

const BYTES_MAX = 50 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
const SAMPLES = 3;

export interface ChosenFile {
  file: File;
  delimiter: Delimiter;
  samples: Samples;
}

/** What the columns have in the first rows, by header. */
export type Samples = Readonly<Record<string, readonly string[]>>;

/** Looks at a file before it is sent; answers a sentence where it cannot be imported. */
export async function lookAt(file: File): Promise<ChosenFile | string> {
  if (file.size > BYTES_MAX) return 'A file has at most 50 MB. Split it, and import the parts one after the other.';
  const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer();
  let text: string;
  try {
    // A letter that the slice cuts in two is no fault.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return 'This is no CSV file in UTF-8. In Excel, save it as “CSV UTF-8 (Comma delimited)”.';
  }
  const delimiter = delimiterOf(text);
  const [headers = [], ...rows] = firstLines(text, delimiter, SAMPLES + 1, file.size <= HEAD_BYTES);
  if (headers.length === 0) return 'The file is empty.';
  const samples = headers.map((header, at) => [header, rows.map((cells) => cells[at] ?? '').filter(Boolean)] as const);
  return { file, delimiter, samples: Object.fromEntries(samples) };
}

const keyOf = (id: string) => `import-samples:${id}`;

/** Kept in this tab: the server does not show the file again. */
export function keepSamples(id: string, samples: Samples): void {
  try {
    sessionStorage.setItem(keyOf(id), JSON.stringify(samples));
  } catch {
    // A full or forbidden storage costs the samples only.
  }
}

export function keptSamples(id: string): Samples {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(id)) ?? '{}') as Samples;
  } catch {
    return {};
  }
}
