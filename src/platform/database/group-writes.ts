import { sqlState } from './transactions.js';

interface Waiting<Item, Result> {
  item: Item;
  done: (result: Result) => void;
  failed: (error: unknown) => void;
}

interface Group<Item, Result> {
  waiting: Waiting<Item, Result>[];
  /** Writes that hold up the next. */
  busy: number;
}

/** One that waits for somebody's lock for so long does not hold up the others. */
const SLOW_MS = 250;
const TOGETHER_MAX = 100;

/**
 * Group commit: what waits while a write is under way goes together in the next, so that the busier it is, the less
 * each costs. Nothing waits for more to come: the first goes at once, and alone.
 */
export class GroupWrites<Item, Result> {
  private readonly groups = new Map<string, Group<Item, Result>>();

  /** `write` answers for each item, in their order; when it throws, nothing of the group may have been written. */
  constructor(private readonly write: (key: string, items: readonly Item[]) => Promise<readonly Result[]>) {}

  /** Items of one key share a write. */
  add(key: string, item: Item): Promise<Result> {
    return new Promise((done, failed) => {
      const group = this.groups.get(key) ?? { waiting: [], busy: 0 };
      this.groups.set(key, group);
      group.waiting.push({ item, done, failed });
      if (group.busy === 0) void this.next(key, group);
    });
  }

  private async next(key: string, group: Group<Item, Result>): Promise<void> {
    const together = group.waiting.splice(0, TOGETHER_MAX);
    if (together.length === 0) return void this.groups.delete(key);
    let busy = true;
    const over = () => {
      if (!busy) return;
      busy = false;
      group.busy -= 1;
      if (group.busy === 0) void this.next(key, group);
    };
    group.busy += 1;
    const slow = setTimeout(over, SLOW_MS);
    await this.settle(key, together);
    clearTimeout(slow);
    over();
  }

  private async settle(key: string, together: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.write(
        key,
        together.map(({ item }) => item),
      );
      together.forEach(({ done }, index) => done(results[index] as Result));
    } catch (error) {
      if (together.length === 1 || !isRefusal(error)) return together.forEach(({ failed }) => failed(error));
      // What is wrong with one is not the others' fault.
      for (const one of together) await this.settle(key, [one]);
    }
  }
}

/** The database undid it for what it was asked (22, 23, 42) or for a deadlock (40): it may be asked again in parts. */
function isRefusal(error: unknown): boolean {
  return /^(22|23|40|42)/.test(sqlState(error) ?? '');
}
