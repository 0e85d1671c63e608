/** Inputs as they hold what is edited: text by field. */
export type Texts<T> = Readonly<Record<keyof T, string>>;

/** Pure: the fields in which two states differ. */
export function changedFields<T extends Texts<T>>(before: T, after: T): (keyof T)[] {
  return (Object.keys(before) as (keyof T)[]).filter((field) => before[field] !== after[field]);
}

/** Pure: one's own edits on what it has become meanwhile, and the fields that both changed differently. */
export function rebased<T extends Texts<T>>(base: T, mine: T, theirs: T): { draft: T; clashes: (keyof T)[] } {
  const own = changedFields(base, mine);
  const draft = { ...theirs, ...Object.fromEntries(own.map((field) => [field, mine[field]])) };
  const clashes = own.filter((field) => theirs[field] !== base[field] && theirs[field] !== mine[field]);
  return { draft, clashes };
}
