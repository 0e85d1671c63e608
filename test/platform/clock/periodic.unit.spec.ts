import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Periodic } from '../../../src/platform/clock/periodic.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const after = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('work begins again and again, but never while it still runs, and what fails is told', async () => {
  let [begun, running] = [0, 0];
  const most: number[] = [];
  const told: unknown[] = [];
  const upkeep = new Periodic(
    1_000,
    async () => {
      begun += 1;
      most.push(++running);
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      running -= 1;
      if (begun === 1) throw new Error('the database is away');
    },
    (error) => told.push(error),
  );
  await after(5_000);
  expect(begun).toBe(0);
  upkeep.start();
  await after(9_600);
  expect([begun, Math.max(...most)]).toEqual([3, 1]);
  expect(told).toEqual([new Error('the database is away')]);
  await upkeep.stop();
});

test('who stops it waits for what was begun, and nothing begins after', async () => {
  let begun = 0;
  const ended: boolean[] = [];
  const upkeep: Periodic = new Periodic(
    1_000,
    async () => {
      begun += 1;
      await new Promise((resolve) => setTimeout(resolve, 500));
      ended.push(upkeep.stopped);
    },
    () => undefined,
  );
  upkeep.start();
  await after(1_100);
  const stopping = upkeep.stop().then(() => [...ended]);
  await after(10_000);
  expect(await stopping).toEqual([true]);
  expect(begun).toBe(1);
});
