/** A table whose rows belong to teams, by its column `team_id`. */
export interface TeamTable {
  name: string;
  /** Tables that its rows name by a foreign key, apart from `teams` itself: theirs go later. */
  refersTo: readonly string[];
}

/** Pure: tables in an order in which a row goes before those that it names. Throws where that cannot be. */
export function removalOrder(tables: readonly TeamTable[]): TeamTable[] {
  const names = new Set(tables.map(({ name }) => name));
  if (names.size < tables.length) throw new Error('A table of teams is registered twice.');
  for (const { name, refersTo } of tables) {
    const unknown = refersTo.filter((other) => !names.has(other));
    if (unknown.length > 0) throw new Error(`${name} refers to ${unknown.join(', ')}, which nobody registers.`);
  }
  const ordered: TeamTable[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const named = new Set(left.flatMap(({ refersTo }) => refersTo));
    const free = left.filter(({ name }) => !named.has(name));
    if (free.length === 0) throw new Error(`These tables refer to each other: ${left.map((t) => t.name).join(', ')}.`);
    ordered.push(...free);
    left = left.filter((table) => named.has(table.name));
  }
  return ordered;
}
