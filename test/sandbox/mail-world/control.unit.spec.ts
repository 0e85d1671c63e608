import { describe, expect, it } from '@jest/globals';
import { CALM, InvalidControl, readControl } from '../../../src/sandbox/mail-world/control.js';
import { Faults } from '../../../src/sandbox/mail-world/faults.js';

const faults = (seed: number, dropAfterData: number): Faults => {
  const made = new Faults();
  made.set({ ...CALM, seed, dropAfterData });
  return made;
};
const struckOf = (by: Faults, emails: readonly string[]): string[] =>
  emails.filter((email) => by.strikes('dropAfterData', email)).sort();

describe('the control of the mail world', () => {
  it('puts to rest what is not named', () => {
    expect(readControl({ dropAfterData: 0.25, authRefused: true })).toEqual({
      ...{ ...CALM, dropAfterData: 0.25, authRefused: true },
    });
    expect(readControl({})).toEqual(CALM);
  });

  it.each([
    [{ dropAfterDate: 1 }, /^There is no dropAfterDate; there are seed, latencyMs/],
    [{ toString: 1 }, /^There is no toString/],
    [{ dropAfterData: 1.1 }, /share from 0 to 1/],
    [{ dropAfterData: -0.1 }, /share from 0 to 1/],
    [{ dropAfterData: '1' }, /share from 0 to 1/],
    [{ latencyMs: 1.5 }, /whole number from 0 to 600000/],
    [{ latencyMs: 600_001 }, /whole number/],
    [{ authRefused: 1 }, /true or false/],
    [null, /an object/],
    [[], /an object/],
    ['calm', /an object/],
  ])('refuses %j', (body, sentence) => {
    expect(() => readControl(body)).toThrow(InvalidControl);
    expect(() => readControl(body)).toThrow(sentence);
  });
});

describe('the faults of the mail world', () => {
  const emails = Array.from({ length: 2_000 }, (_, n) => `email ${n}`);

  it('strike the same emails with the same seed, in whatever order they come', () => {
    const there = struckOf(faults(7, 0.2), emails);
    expect(struckOf(faults(7, 0.2), emails.toReversed())).toEqual(there);
    expect(struckOf(faults(8, 0.2), emails)).not.toEqual(there);
  });

  it('strike the share that was asked for, and count it', () => {
    const some = faults(7, 0.2);
    const struck = struckOf(some, emails).length;
    expect(struck).toBeGreaterThan(300);
    expect(struck).toBeLessThan(500);
    expect(some.struck.dropAfterData).toBe(struck);
    expect([struckOf(faults(7, 0), emails).length, struckOf(faults(7, 1), emails).length]).toEqual([0, 2_000]);
  });

  it('draw each further attempt at the same email anew', () => {
    const some = faults(7, 0.5);
    const first = struckOf(some, emails);
    const second = struckOf(some, emails);
    expect(second).not.toEqual(first);
    // Set again, it begins again.
    some.set({ ...some.control });
    expect(struckOf(some, emails)).toEqual(first);
  });

  it('tell what is not at rest', () => {
    expect(new Faults().onCommand()).toEqual([]);
    expect(faults(1, 0.5).onCommand()).toEqual(['dropAfterData 0.5']);
  });
});
