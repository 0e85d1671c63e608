import { afterEach, expect, jest, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { QueryFailedError } from 'typeorm';
import { GroupWrites } from '../../../src/platform/database/group-writes.js';

/** Writes that end when the test says so. */
function world() {
  const begun: { key: string; items: number[]; end(error?: Error): void }[] = [];
  const writes = new GroupWrites<number, number>(
    (key, items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve(items.map((item) => item * 10)));
        begun.push({ key, items: [...items], end });
      }),
  );
  const add = (item: number, key = 'a') => writes.add(key, item).catch((error: unknown) => error);
  return { begun, add };
}

afterEach(() => void jest.useRealTimers());

const turn = () => delay(0);

function refusal(code: string): Error {
  return new QueryFailedError('', [], Object.assign(new Error(code), { code }));
}

test('the first goes at once and alone; what came meanwhile goes together', async () => {
  const { begun, add } = world();
  const all = [add(1), add(2), add(3)];
  expect(begun.map(({ items }) => items)).toEqual([[1]]);
  begun[0]?.end();
  await turn();
  expect(begun.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  begun[1]?.end();
  expect(await Promise.all(all)).toEqual([10, 20, 30]);
  void add(4);
  expect(begun[2]?.items).toEqual([4]);
});

test('keys wait for one another never', () => {
  const { begun, add } = world();
  void add(1, 'a');
  void add(2, 'b');
  expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
});

test('one that takes long does not hold up the others', async () => {
  jest.useFakeTimers();
  const { begun, add } = world();
  const slow = add(1);
  const next = add(2);
  await jest.advanceTimersByTimeAsync(400);
  expect(begun.map(({ items }) => items)).toEqual([[1], [2]]);
  begun[1]?.end();
  expect(await next).toBe(20);
  begun[0]?.end();
  expect(await slow).toBe(10);
});

test('what the database refuses is asked again one by one, and fails alone', async () => {
  const { begun, add } = world();
  const all = [add(1), add(2), add(3)];
  begun[0]?.end();
  await turn();
  begun[1]?.end(refusal('40P01'));
  await turn();
  expect(begun[2]?.items).toEqual([2]);
  begun[2]?.end(refusal('22021'));
  await turn();
  begun[3]?.end();
  expect(await Promise.all(all)).toEqual([10, expect.objectContaining({ message: '22021' }), 30]);
});

test('nobody knows what a broken connection wrote: nothing is asked again', async () => {
  const { begun, add } = world();
  const all = [add(1), add(2), add(3)];
  begun[0]?.end();
  await turn();
  begun[1]?.end(new Error('gone'));
  expect(await Promise.all(all)).toEqual([10, new Error('gone'), new Error('gone')]);
  expect(begun).toHaveLength(2);
});
