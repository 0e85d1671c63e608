/** Pure: the selection with everything between two places of a list, as Shift does it. */
export function withRange(
  ids: readonly string[],
  selected: ReadonlySet<string>,
  from: number,
  to: number,
): ReadonlySet<string> {
  const [first, last] = from < to ? [from, to] : [to, from];
  return new Set([...selected, ...ids.slice(Math.max(0, first), last + 1)]);
}

/** Pure: the selection with one more, or one less. */
export function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}
