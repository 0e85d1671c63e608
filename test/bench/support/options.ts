export interface Options {
  n: number;
  runs: number;
  /** Of pull: how many tasks are linked. */
  total: number;
  /** Of latency: how long edits are made. */
  seconds: number;
  say: (line: string) => void;
}

/** What every benchmark tells; each adds its own fields. */
export interface ResultLine {
  bench: string;
  n: number;
  seconds: number;
  floorSeconds: number;
  /** Time of the product over that of the floor, or throughput, as higherIsBetter says. */
  ratio: number;
  higherIsBetter: boolean;
  peakRssMiB: number;
  [field: string]: string | number | boolean | null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
