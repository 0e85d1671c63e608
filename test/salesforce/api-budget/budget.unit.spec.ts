import { describe, expect, it } from '@jest/globals';
import {
  type BudgetInput,
  decideBudget,
  type HourOfCalls,
  marksOf,
  type WorkClass,
} from '../../../src/salesforce/api-budget/budget.js';
import { freesAt, meetsAt, presentRate } from '../../../src/salesforce/api-budget/forecast.js';
import { probeAt, type ProbeInput } from '../../../src/salesforce/api-budget/probe.js';
import { UsageEstimate } from '../../../src/salesforce/api-budget/usage-estimate.js';

const now = new Date('2026-03-04T10:30:00Z');
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const hour = (ago: number, calls: number): HourOfCalls => ({
  hour: new Date(Math.floor(hoursAgo(ago).getTime() / 3_600_000) * 3_600_000),
  calls,
});

function decide(values: Partial<BudgetInput>) {
  const shares = { sharePercent: 80, reservePercent: 10 };
  const input = { used: 0, limit: 100_000, shares, ownHours: [], pollMs: 30_000, sliceCalls: 3, now };
  const decided = decideBudget({ ...input, parked: new Set<WorkClass>(), ...values });
  return [decided.people, decided.polling, decided.background].map((allowance) =>
    allowance.kind === 'slow' ? Math.round(allowance.everyMs / 1000) : allowance.kind,
  );
}

it('the marks lie below the ceiling: the reserve, and a part for probes', () => {
  expect(marksOf(100_000, { sharePercent: 80, reservePercent: 10 })).toEqual({
    ceiling: 80_000,
    people: 79_904,
    rest: 70_000,
  });
  // Without a reserve all work ends where people's changes do.
  expect(marksOf(15_000, { sharePercent: 50, reservePercent: 0 })).toEqual({
    ceiling: 7_500,
    people: 7_404,
    rest: 7_404,
  });
  expect(marksOf(100, { sharePercent: 3, reservePercent: 1 })).toEqual({ ceiling: 3, people: 0, rest: 0 });
});

describe('what may go on', () => {
  it.each<[string, Partial<BudgetInput>, (string | number)[]]>([
    ['nothing used', { used: 0 }, ['free', 'free', 'free']],
    ['just below half of the rest', { used: 34_999 }, ['free', 'free', 'free']],
    // 34,000 calls for 24 hours, of which 2,880 are polls.
    ['more than half: background is spaced', { used: 36_000 }, ['free', 'free', 8]],
    ['less left: more so', { used: 65_000 }, ['free', 'free', 122]],
    ['no more than a day of polls: it waits', { used: 67_000 }, ['free', 'free', 600]],
    ['less than a day of polls: they are stretched', { used: 69_000 }, ['free', 86, 600]],
    ['hardly any', { used: 69_990 }, ['free', 600, 600]],
    [
      'the same, but our own calls leave within the hour',
      { used: 69_000, ownHours: [hour(24, 60_000)] },
      ['free', 'free', 4],
    ],
    ['one left', { used: 69_999 }, ['free', 600, 600]],
    ['only the reserve', { used: 70_000 }, ['free', 'parked', 'parked']],
    ['one of the reserve left', { used: 79_903 }, ['free', 'parked', 'parked']],
    ['only probes', { used: 79_904 }, ['parked', 'parked', 'parked']],
    ['past the ceiling, by others', { used: 95_000 }, ['parked', 'parked', 'parked']],
  ])('%s', (_, values, expected) => {
    expect(decide(values)).toEqual(expected);
  });

  it('what is parked goes on only when there is room for a slice of it', () => {
    const parked = new Set<WorkClass>(['people', 'polling', 'background']);
    expect(decide({ used: 79_900, parked })).toEqual(['parked', 'parked', 'parked']);
    expect(decide({ used: 79_800, parked })).toEqual(['free', 'parked', 'parked']);
    expect(decide({ used: 69_950, parked })).toEqual(['free', 'parked', 'parked']);
    expect(decide({ used: 69_900, parked })).toEqual(['free', 600, 600]);
    // Not for ever, however small the share is.
    expect(decide({ used: 0, limit: 20, parked })).toEqual(['free', 'free', 'free']);
  });

  it('background never goes better than polling, nor polling better than people', () => {
    const rank = (one: string | number | undefined) => (one === 'free' ? 0 : one === 'parked' ? Infinity : Number(one));
    for (let used = 0; used <= 100_000; used += 371) {
      const [people, polling, background] = decide({ used, ownHours: [hour(20, 20_000), hour(3, 5_000)] }).map(rank);
      expect(polling).toBeGreaterThanOrEqual(people ?? NaN);
      expect(background).toBeGreaterThanOrEqual(polling ?? NaN);
    }
  });
});

describe('the forecast', () => {
  it('the present rate counts the last 60 minutes', () => {
    expect(presentRate([hour(1, 100), hour(0, 30)], now)).toBe(80);
    expect(presentRate([], now)).toBe(0);
  });

  it('says when the ceiling is met', () => {
    const input = { used: 79_000, seenAt: now, ownHours: [hour(0, 500)], now };
    expect(meetsAt(input, 80_000)).toEqual(new Date(now.getTime() + 2 * 3_600_000));
    expect(meetsAt({ ...input, used: 10_000 }, 80_000)).toBeNull();
    expect(meetsAt({ ...input, used: 80_000 }, 80_000)).toEqual(now);
    // As much leaves as comes.
    const steady = Array.from({ length: 25 }, (_, ago) => hour(ago, ago === 0 ? 250 : 500));
    expect(meetsAt({ ...input, used: 78_000, ownHours: steady }, 80_000)).toBeNull();
  });

  it('says when the window frees: ours by the hour, those of others evenly or not at all', () => {
    const input = { used: 80_000, seenAt: now, now };
    // 23 hours ago: the hour from 11:00 on, gone when 24 hours have passed since its end.
    const ours = { ...input, ownHours: [hour(23, 80_000)] };
    expect(freesAt(ours, 80_000, 'stay')).toEqual(new Date('2026-03-04T12:00:00Z'));
    expect(freesAt(ours, 80_000, 'leave evenly')).toEqual(new Date('2026-03-04T12:00:00Z'));
    const theirs = { ...input, used: 90_000, ownHours: [] };
    expect(freesAt(theirs, 60_000, 'leave evenly')).toEqual(inHours(8 + 1 / 12));
    expect(freesAt(theirs, 60_000, 'stay')).toEqual(inHours(24));
    expect(freesAt({ ...input, used: 10, ownHours: [] }, 60_000, 'stay')).toEqual(now);
    expect(freesAt({ ...input, ownHours: [hour(0, 80_000)] }, 1, 'stay')).toEqual(inHours(24));
  });
});

describe('when a call may be made to learn the usage', () => {
  const probe = (values: Partial<ProbeInput>) =>
    probeAt({
      ...{ used: 70_000, limit: 100_000, seenAt: now, shares: { sharePercent: 80, reservePercent: 10 } },
      ...{ ownHours: [], lastProbeAt: undefined, now, ...values },
    });

  it.each<[string, Partial<ProbeInput>, number]>([
    ['below the ceiling: 15 minutes after the last answer', {}, 0.25],
    ['or the last try', { lastProbeAt: inHours(0.25) }, 0.5],
    ['few calls, spread over the day', { limit: 1_000, used: 793 }, 2.4],
    ['earlier when our own calls have left', { limit: 1_000, used: 793, ownHours: [hour(23, 500)] }, 1.5],
    ['at the ceiling: not before', { used: 80_000, ownHours: [hour(20, 500)] }, 4.5],
    ['at the ceiling, others: when a day is over', { used: 80_000 }, 24],
    ['past it, taken there by others: seldom', { used: 80_001 }, 1],
    ['far past it: more so', { used: 99_000 }, 4],
  ])('%s', (_, values, hours) => {
    expect(probe(values)).toEqual(inHours(hours));
  });
});

describe('the estimate of one process', () => {
  it('counts what was sent on top of what was last told', () => {
    const estimate = new UsageEstimate();
    expect(estimate.at(now)).toBeUndefined();
    estimate.sent();
    estimate.ended({ used: 50, limit: 100 }, now);
    estimate.sent();
    estimate.ended(undefined, now);
    expect(estimate.at(now)).toMatchObject({ used: 51, limit: 100 });
    estimate.sent();
    estimate.ended({ used: 52, limit: 100 }, now);
    expect(estimate.at(now)).toMatchObject({ used: 52 });
  });

  it('believes no answer that may not have counted a call on its way', () => {
    const estimate = new UsageEstimate();
    estimate.adopt({ used: 50, limit: 100 }, now);
    estimate.sent();
    estimate.sent();
    estimate.ended({ used: 51, limit: 100 }, now);
    expect(estimate.at(now)).toMatchObject({ used: 52 });
    estimate.ended({ used: 52, limit: 100 }, now);
    expect(estimate.at(now)).toMatchObject({ used: 52 });
  });

  it('takes what is newer, and forgets what has left the window', () => {
    const estimate = new UsageEstimate();
    estimate.adopt({ used: 70, limit: 100 }, hoursAgo(1));
    estimate.adopt({ used: 10, limit: 100 }, hoursAgo(2));
    expect(estimate.at(now)).toMatchObject({ used: 70 });
    estimate.adopt({ used: 20, limit: 100 }, now);
    expect(estimate.at(now)).toMatchObject({ used: 20 });
    expect(estimate.at(new Date(now.getTime() + 24 * 3_600_000))).toBeUndefined();
  });
});
