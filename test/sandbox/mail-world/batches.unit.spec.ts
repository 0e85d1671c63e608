import { describe, expect, it } from '@jest/globals';
import { Batches } from '../../../src/sandbox/mail-world/batches.js';

/** Writes only when it is told to. */
function heldBatches(limits = { items: 3, bytes: 100 }) {
  const written: string[][] = [];
  const held: { go: () => void; fail: (reason: Error) => void }[] = [];
  const batches = new Batches<string>(
    (items) => {
      written.push(items);
      return new Promise((go, fail) => held.push({ go, fail }));
    },
    (item) => item.length,
    limits,
  );
  const next = async (): Promise<void> => {
    held.shift()?.go();
    await new Promise(setImmediate);
  };
  return { batches, written, held, next };
}

describe('batches', () => {
  it('write at once, and then together what came meanwhile', async () => {
    const { batches, written, next } = heldBatches();
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((item) => batches.add(item)));
    expect(written).toEqual([['a']]);
    await next();
    expect(written).toEqual([['a'], ['b', 'c', 'd']]);
    await next();
    await next();
    await all;
    expect(written).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('hold no more bytes than they may, but always one', async () => {
    const { batches, written, next } = heldBatches();
    const all = Promise.all([60, 60, 40, 500, 1].map((length) => batches.add('x'.repeat(length))));
    for (let n = 0; n < 4; n++) await next();
    await all;
    expect(written.map((items) => items.map(({ length }) => length))).toEqual([[60], [60, 40], [500], [1]]);
  });

  it('tell each of its own failure, and go on', async () => {
    const { batches, held, next } = heldBatches();
    const first = batches.add('a');
    const second = batches.add('b');
    held.shift()?.fail(new Error('The disk is full.'));
    await expect(first).rejects.toThrow('The disk is full.');
    await next();
    await expect(second).resolves.toBeUndefined();
  });
});
