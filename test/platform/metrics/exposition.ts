/** One figure: its name with its labels, and the value. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?(?:[0-9.e+-]+|Inf|\+Inf|-Inf|NaN|Nan))$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?/gy;
const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

/** Reads Prometheus' text format as strictly as Prometheus does; throws where it would refuse the scrape. */
export function parseExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('It must end with a line feed.');
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [mark, kind, name = '', type = ''] = line.split(' ');
    if (line === '') continue;
    if (mark === '#') {
      if (!NAME.test(name)) throw new Error(`No name of a metric: ${line}`);
      if (kind !== 'TYPE') continue;
      if (!TYPES.has(type) || types.has(name)) throw new Error(`A second or an unknown type: ${line}`);
      types.set(name, type);
      continue;
    }
    const sample = sampleOf(line);
    const base = sample.name.replace(/_(bucket|sum|count)$/, '');
    if (!types.has(sample.name) && !types.has(base)) throw new Error(`Without a type: ${line}`);
    const key = line.slice(0, line.lastIndexOf(' '));
    if (seen.has(key)) throw new Error(`Twice: ${line}`);
    seen.add(key);
    samples.push(sample);
  }
  return samples;
}

function sampleOf(line: string): Sample {
  const [, name, list = '', value] = SAMPLE.exec(line) ?? [];
  if (!name || value === undefined) throw new Error(`No sample: ${line}`);
  const labels: Record<string, string> = {};
  let read = 0;
  for (const [whole, label = '', text = ''] of list.matchAll(LABEL)) {
    labels[label] = text;
    read += whole.length;
  }
  if (read !== list.length) throw new Error(`Labels that cannot be read: ${line}`);
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

/** The value of the sample with these labels; undefined when there is none. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const wanted = Object.entries(labels);
  return samples.find(
    (sample) => sample.name === name && wanted.every(([label, text]) => sample.labels[label] === text),
  )?.value;
}
