import type { Schemas } from '../api/client';

const peopleWords = (count: number) => (count === 1 ? '1 person' : `${count.toLocaleString('en')} people`);

/** Pure: what became of it. */
export function additionWords(group: string, parts: readonly Schemas['GroupAddition'][]): string {
  const [added, already, gone] = parts.reduce(
    ([a, b, c], part) => [a + part.added, b + part.already, c + part.not_found.length],
    [0, 0, 0] as [number, number, number],
  );
  const rest = [
    ...(already > 0 ? [`${peopleWords(already)} ${already === 1 ? 'was' : 'were'} in it before`] : []),
    ...(gone > 0 ? [`${peopleWords(gone)} you do not see any more`] : []),
  ];
  const first = added === 0 ? `Nobody was added to ${group}` : `${peopleWords(added)} added to ${group}`;
  return `${[first, ...rest].join('; ')}.`;
}

/** Pure: likewise. */
export function removalWords(group: string, parts: readonly Schemas['GroupRemoval'][]): string {
  const removed = parts.reduce((sum, part) => sum + part.removed, 0);
  return removed === 0 ? `Nobody of them was in ${group}.` : `${peopleWords(removed)} removed from ${group}.`;
}
