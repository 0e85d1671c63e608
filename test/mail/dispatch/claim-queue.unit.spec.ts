import { expect, test } from '@jest/globals';
import { type Claimed, ClaimQueue, claimSize } from '../../../src/mail/dispatch/claim-queue.js';

test('the faster the server, the more are claimed at once, within bounds', () => {
  const sizes = (lastedMs: number, size: number) => {
    const all: number[] = [];
    for (let one = size; all.length < 5; all.push(one)) one = claimSize(one, lastedMs);
    return all;
  };
  expect(sizes(20, 4)).toEqual([8, 16, 32, 32, 32]);
  expect(sizes(1_000, 8)).toEqual([8, 8, 8, 8, 8]);
  expect(sizes(3_000, 32)).toEqual([16, 8, 4, 4, 4]);
});

test('a claim that was not full says nothing of how fast the server is', async () => {
  const asked: number[] = [];
  const claim = (most: number): Promise<Claimed> => {
    asked.push(most);
    return Promise.resolve({ emails: [] });
  };
  const over = () => asked.length >= 4;
  const signal = new AbortController().signal;
  const queue = new ClaimQueue({ claim, now: () => new Date(0), connections: 3, over, signal });
  expect(await queue.take()).toBeUndefined();
  expect(asked).toEqual([12, 12, 12, 12]);
});
