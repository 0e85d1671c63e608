/** A place in the feed: after the line (xid, id). Lines begin at id 1, so id 0 is before all of a transaction's. */
export interface Position {
  xid: bigint;
  id: bigint;
}

const TEXT = /^(\d{1,19})\.(\d{1,19})$/;
const LARGEST = 2n ** 63n - 1n;

export function comparePositions(a: Position, b: Position): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

export function laterOf(a: Position, b: Position): Position {
  return comparePositions(a, b) < 0 ? b : a;
}

/** As the event id shows it: `<xid>.<id>`. */
export function positionText({ xid, id }: Position): string {
  return `${xid}.${id}`;
}

/** Undefined: it is none of ours. */
export function parsePosition(text: string): Position | undefined {
  const [, xid, id] = TEXT.exec(text) ?? [];
  if (xid === undefined || id === undefined) return undefined;
  const position = { xid: BigInt(xid), id: BigInt(id) };
  return position.xid <= LARGEST && position.id <= LARGEST ? position : undefined;
}
