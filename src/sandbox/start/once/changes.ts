import { StartRefused } from '../start-refused.js';
import type { Written } from './kept-changes.js';

/** One change that a person makes, on one side. */
export interface Change {
  what: string;
  /** Answers what it wrote, unless somebody on the other side writes the same field. */
  make(): Promise<Written | undefined>;
}

/** How many people work at the same time on one side. */
const HANDS = 4;

/** Makes all changes, several at a time; the kinds are mixed, so that every push and pull meets several. */
export async function makeAll(changes: readonly Change[], progress: () => void): Promise<Written[]> {
  const queue = mixed(changes);
  const written: Written[] = [];
  const hand = async () => {
    for (let change = queue.shift(); change; change = queue.shift()) {
      try {
        const wrote = await change.make();
        if (wrote) written.push(wrote);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new StartRefused(`The change "${change.what}" was refused: ${why}`, { cause: error });
      }
      progress();
    }
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
  return written;
}

/** The same mixture every time: in steps of a number that has no divisor in common with how many there are. */
function mixed(changes: readonly Change[]): Change[] {
  let step = Math.max(1, Math.floor(changes.length * 0.618));
  while (divisor(step, changes.length) > 1) step += 1;
  return changes.map((_, index) => changes[(index * step) % changes.length]).filter((change) => change !== undefined);
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** `days` from today, YYYY-MM-DD. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** `hours` from now, on a whole minute. */
export function hourFromNow(hours: number): string {
  return `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16)}:00Z`;
}
