/** Pure: "1,200 sent". */
export const figureWords = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}`;

/** Pure: a rate from 0 to 1; a dash where there is nothing that it would be of. */
export const percentWords = (rate: number | null): string =>
  rate === null ? '–' : rate.toLocaleString('en', { style: 'percent', maximumFractionDigits: 1 });
