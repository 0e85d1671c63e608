import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelLimits } from '../../../src/command-center/senders/channel-values.js';
import {
  allowance,
  DAY_MS,
  fullDomains,
  gapAfter,
  MINUTE_MS,
  SECOND_MS,
  withinDomains,
} from '../../../src/mail/dispatch/pace.js';
import { sentOf, UNLIMITED } from './pace-model.js';

const START = Date.parse('2026-03-04T10:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000);
const repeat = (count: number, ms: number) => Array<number>(count).fill(ms);

function allowed(limits: Partial<ChannelLimits>, times: number[], seconds: number, gapUntil: Date | null = null) {
  const all = { ...UNLIMITED, ...limits };
  return allowance(all, sentOf(times, all, +at(seconds)), at(seconds), gapUntil, 100);
}

describe('what a channel may begin now', () => {
  test('is bounded by its caller alone when it has no limits', () => {
    expect(allowed({}, repeat(5000, START), 0)).toEqual({ now: 100, notBefore: null, waitingFor: null });
  });

  test.each([
    [{ perSecond: 10 }, 'per_second', SECOND_MS],
    [{ perMinute: 10 }, 'per_minute', MINUTE_MS],
    [{ perDay: 10 }, 'per_day', DAY_MS],
  ] as const)('is what %j leaves of its rolling window', (limits, waitingFor, ms) => {
    const four = [...repeat(4, START), ...repeat(2, START + 1)];
    expect(allowed(limits, four, 0.001)).toMatchObject({ now: 4 });
    const ten = [...four, ...repeat(4, START + 2)];
    expect(allowed(limits, ten, 0.002)).toEqual({ now: 0, notBefore: new Date(START + ms), waitingFor });
    expect(allowed(limits, ten, (ms - 1) / 1000)).toMatchObject({ now: 0 });
    expect(allowed(limits, ten, ms / 1000)).toMatchObject({ now: 4 });
    expect(allowed(limits, ten, (ms + 1) / 1000)).toMatchObject({ now: 6 });
  });

  test('is the rest of a batch, then nothing until the channel has rested since the last of it', () => {
    const limits = { batchSize: 3, batchWaitSeconds: 45 };
    expect(allowed(limits, [START, START + 20_000], 20)).toMatchObject({ now: 1 });
    const batch = [START, START + 20_000, START + 50_000];
    expect(allowed(limits, batch, 60)).toEqual({ now: 0, notBefore: at(95), waitingFor: 'batch' });
    expect(allowed(limits, batch, 95)).toMatchObject({ now: 3 });
    // A rest that was long enough begins a new batch, full or not.
    expect(allowed(limits, [START, START + 45_000], 45)).toMatchObject({ now: 2 });
    expect(allowed(limits, [START, START + 44_999], 44.999)).toMatchObject({ now: 1 });
  });

  test('is nothing until the gap that was drawn is over, and then one', () => {
    const limits = { gapMinMs: 1000, gapMaxMs: 9000 };
    expect(allowed(limits, [], 0)).toMatchObject({ now: 1 });
    expect(allowed(limits, [START], 2, at(5))).toEqual({ now: 0, notBefore: at(5), waitingFor: 'gap' });
    expect(allowed(limits, [START], 5, at(5))).toMatchObject({ now: 1 });
    // The limits were lowered, or taken away, after it was drawn.
    expect(allowed(limits, [START], 2, at(3000))).toMatchObject({ notBefore: at(9) });
    expect(allowed({}, [START], 2, at(3000))).toMatchObject({ now: 100 });
  });

  test('waits for the limit that lets go last', () => {
    const limits = { perSecond: 1, perMinute: 2, perDay: 2 };
    const times = [START, START + 1000];
    expect(allowed(limits, times, 1)).toEqual({ now: 0, notBefore: at(86_400), waitingFor: 'per_day' });
    expect(allowed({ ...limits, perDay: 3 }, times, 1)).toMatchObject({ notBefore: at(60), waitingFor: 'per_minute' });
  });

  test('keeps to a limit that was lowered below what is sent already', () => {
    const times = [...repeat(50, START), ...repeat(50, START + 1000)];
    expect(allowed({ perDay: 10 }, times, 2)).toMatchObject({ now: 0, notBefore: at(86_401) });
    expect(allowed({ batchSize: 10, batchWaitSeconds: 5 }, times, 2)).toMatchObject({ now: 0, notBefore: at(6) });
  });
});

test('a gap is drawn evenly between its bounds', () => {
  const limits = { ...UNLIMITED, gapMinMs: 10, gapMaxMs: 12 };
  const drawn = [0, 0.3, 0.34, 0.67, 0.999].map((random) => Number(gapAfter(limits, new Date(START), random)) - START);
  expect(drawn).toEqual([10, 10, 11, 12, 12]);
  expect(gapAfter(UNLIMITED, new Date(START), 0.5)).toBeNull();
});

describe('a limit per domain of recipients', () => {
  const limits = { ...UNLIMITED, perDomainPerMinute: 3 };
  const sent = [
    { domain: 'a.example', begun: 3, oldest: at(10) },
    { domain: 'b.example', begun: 2, oldest: at(0) },
    { domain: 'c.example', begun: 5, oldest: at(5) },
  ];

  test('holds up the emails to that domain alone', () => {
    expect(fullDomains(limits, sent)).toEqual({ domains: ['a.example', 'c.example'], notBefore: at(65) });
    const emails = ['a', 'b', 'b', 'd', 'd', 'd', 'd'].map((name, id) => ({ id, domain: `${name}.example` }));
    expect(withinDomains(limits, sent, emails).map(({ id }) => id)).toEqual([1, 3, 4, 5]);
  });

  test('is none when it is not set', () => {
    expect(fullDomains(UNLIMITED, sent)).toEqual({ domains: [], notBefore: null });
    expect(withinDomains(UNLIMITED, sent, sent)).toEqual(sent);
  });
});

interface Run {
  limits: ChannelLimits;
  emails: number;
  /** At once, as a worker has room for; and how late it wakes, or looks in between, from the numbers of the run. */
  most: number;
  numbers: readonly number[];
}

/**
 * A channel with enough to send, over hours. Nothing is kept between two looks but the attempts' times and the gap that was
 * drawn, just as if each look were another worker's, after a restart.
 */
function send({ limits, emails, most, numbers }: Run): number[] {
  const times: number[] = [];
  let [now, gapUntil, looks]: [number, Date | null, number] = [START, null, 0];
  while (times.length < emails) {
    const next = allowance(limits, sentOf(times, limits, now), new Date(now), gapUntil, most);
    const count = Math.min(next.now, emails - times.length);
    if (count > 0) {
      times.push(...repeat(count, now));
      gapUntil = gapAfter(limits, new Date(now), (times.length % 7) / 7);
      continue;
    }
    if (next.notBefore === null || +next.notBefore <= now) throw new Error('It neither sends nor waits.');
    const early = numbers[looks++ % numbers.length] ?? 1;
    now = early === 0 ? now + Math.ceil((+next.notBefore - now) / 2) : +next.notBefore;
  }
  return times;
}

/** The earliest time of each email, one after the other, from what the limits say. */
function earliest({ limits, emails }: Run): number[] {
  const { perSecond, perMinute, perDay, batchSize, batchWaitSeconds } = limits;
  const windows = [
    [perSecond, SECOND_MS],
    [perMinute, MINUTE_MS],
    [perDay, DAY_MS],
  ] as const;
  const times: number[] = [];
  let inBatch = 0;
  for (let nth = 0; nth < emails; nth++) {
    const before = times[nth - 1];
    let time = before ?? START;
    for (const [limit, ms] of windows) {
      const first = limit === null ? undefined : times[nth - limit];
      if (first !== undefined) time = Math.max(time, first + ms);
    }
    if (before !== undefined) time = Math.max(time, Number(gapAfter(limits, new Date(before), (nth % 7) / 7) ?? 0));
    if (before !== undefined && batchSize !== null && batchWaitSeconds !== null) {
      const rest = batchWaitSeconds * SECOND_MS;
      if (inBatch === batchSize) time = Math.max(time, before + rest);
      if (time - before >= rest) inBatch = 0;
    }
    inBatch++;
    times.push(time);
  }
  return times;
}

function fullest(times: readonly number[], ms: number): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + ms).length));
}

const optional = (min: number, max: number) => fc.option(fc.integer({ min, max }), { nil: null });
const RUN: fc.Arbitrary<Run> = fc
  .record({
    perSecond: optional(1, 8),
    perMinute: optional(1, 60),
    perDay: optional(5, 120),
    batch: fc.option(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 90 })), { nil: null }),
    gap: fc.option(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 9000 })), { nil: null }),
    emails: fc.integer({ min: 1, max: 200 }),
    most: fc.integer({ min: 1, max: 50 }),
    numbers: fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 9 })
      .filter((all) => all.some(Boolean)),
  })
  .map(({ batch, gap, perSecond, perMinute, perDay, ...run }) => ({
    ...run,
    limits: {
      ...{ ...UNLIMITED, perSecond, perMinute, perDay },
      ...(batch && { batchSize: batch[0], batchWaitSeconds: batch[1] }),
      ...(gap && { gapMinMs: gap[0], gapMaxMs: gap[0] + gap[1] }),
    },
  }));

describe('whatever its limits, a channel', () => {
  test('never sends more than they allow in any window', () => {
    fc.assert(
      fc.property(RUN, (run) => {
        const times = send(run);
        const { perSecond, perMinute, perDay, gapMinMs } = run.limits;
        expect(fullest(times, SECOND_MS)).toBeLessThanOrEqual(perSecond ?? Infinity);
        expect(fullest(times, MINUTE_MS)).toBeLessThanOrEqual(perMinute ?? Infinity);
        expect(fullest(times, DAY_MS)).toBeLessThanOrEqual(perDay ?? Infinity);
        for (const [nth, time] of times.entries()) {
          if (nth > 0 && gapMinMs !== null) expect(time - (times[nth - 1] ?? 0)).toBeGreaterThanOrEqual(gapMinMs);
        }
      }),
    );
  });

  test('sends each email as early as they allow, however many workers take turns and look in between', () => {
    fc.assert(fc.property(RUN, (run) => expect(send(run)).toEqual(earliest(run))));
  });
});

test('2,000 a day and 30 a minute go out within 67 minutes, the next the day after', () => {
  const limits = { ...UNLIMITED, perMinute: 30, perDay: 2000 };
  const times = send({ limits, emails: 2001, most: 5, numbers: [1] });
  expect((times[1999] ?? 0) - START).toBe(66 * MINUTE_MS);
  expect((times[2000] ?? 0) - START).toBe(DAY_MS);
});
