import { describe, expect, it } from '@jest/globals';
import type { LocalDate } from '../../../src/platform/clock/local-date.js';
import { queryPath } from '../../../src/salesforce/client/queries.js';
import { readFields } from '../../../src/salesforce/task-sync/remote-task.js';
import {
  FIRST_REPS,
  rangeOf,
  type ReadFor,
  type RepRange,
  REPS_IN_A_QUERY,
  whereOf,
} from '../../../src/salesforce/task-sync/scope.js';
import { SYNC_SCOPES } from '../../../src/salesforce/task-sync/task-sync-settings.entity.js';

const DAYS = ['2026-03-03', '2026-03-04', '2026-03-05'] as LocalDate[];

/** In the order of their ids, in every scope, around the world. */
function repsOf(count: number): ReadFor[] {
  return Array.from({ length: count }, (_, n) => ({
    userId: `user ${n}`,
    salesforceUserId: `0055g0${String(n).padStart(9, '0')}AAA`,
    scope: SYNC_SCOPES[n % SYNC_SCOPES.length] ?? 'all',
    today: DAYS[Math.floor(n / SYNC_SCOPES.length) % DAYS.length] as LocalDate,
  }));
}

function pageQuery(reps: readonly ReadFor[]): string {
  const where = whereOf(reps, new Date('2026-03-04T10:00:00Z'));
  const soql = `SELECT ${readFields(true).join(', ')} FROM Task WHERE ${where} AND Id > '00T5g0000000001AAA' ORDER BY Id LIMIT 2000`;
  return queryPath(soql, true);
}

/** All ranges, one after the other, with the reps that each finds among `reps` at that time. */
function walk(reps: (nth: number) => readonly ReadFor[]): { range: RepRange; reps: ReadFor[] }[] {
  const walked: ReturnType<typeof rangeOf<ReadFor>>[] = [];
  let next: RepRange | null = FIRST_REPS;
  while (next !== null) {
    walked.push(rangeOf(reps(walked.length), next));
    next = walked.at(-1)?.next ?? null;
  }
  return walked;
}

describe('the reps of one query', () => {
  it('fit into its address, whatever their scopes and days are', () => {
    expect(() => pageQuery(repsOf(REPS_IN_A_QUERY))).not.toThrow();
    expect(() => pageQuery(repsOf(400))).toThrow(/does not fit into a URI/);
  });

  it.each([0, 1, 249, 250, 251, 500, 501, 1_234])('of %i are each in one range, in order', (count) => {
    const reps = repsOf(count);
    const ranges = walk(() => reps);
    expect(ranges.flatMap((range) => range.reps)).toEqual(reps);
    expect(ranges).toHaveLength(Math.max(1, Math.ceil(count / REPS_IN_A_QUERY)));
    expect(Math.max(...ranges.map((range) => range.reps.length))).toBeLessThanOrEqual(REPS_IN_A_QUERY);
  });

  it('stay the same until the range is read, although some are turned off meanwhile', () => {
    const all = repsOf(600);
    const { range } = rangeOf(all, FIRST_REPS);
    const left = all.filter((_, n) => n % 3 !== 0);
    const later = rangeOf(left, range);
    expect(later.range).toEqual(range);
    expect(later.reps).toEqual(left.filter((rep) => rep.salesforceUserId <= String(range.upTo)));
    expect(later.next).toEqual({ after: range.upTo, upTo: null });
  });

  it('are all read when others are turned off between two ranges', () => {
    const [before, after] = [repsOf(600), repsOf(600).slice(300)];
    const read = walk((nth) => (nth === 0 ? before : after)).flatMap((range) => range.reps);
    expect(read).toEqual([...before.slice(0, REPS_IN_A_QUERY), ...after]);
  });

  it('may all be turned off: then nobody is left to read', () => {
    const { range } = rangeOf(repsOf(600), FIRST_REPS);
    expect(rangeOf([], range)).toMatchObject({ reps: [], next: null });
  });
});
