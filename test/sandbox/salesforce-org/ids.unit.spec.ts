import { describe, expect, it } from '@jest/globals';
import { makeId, to15, to18, withSuffix } from '../../../src/sandbox/salesforce-org/ids.js';

describe('Salesforce ids', () => {
  it.each([
    // Published examples of 15-character ids with their suffixes.
    ['001A0000006Vm9r', '001A0000006Vm9rIAC'],
    ['00300000003T2PG', '00300000003T2PGAA0'],
    ['0015000000Gv7qJ', '0015000000Gv7qJAAR'],
  ])('gives %s its suffix: %s', (short, long) => {
    expect(withSuffix(short)).toBe(long);
    expect(to18(short)).toBe(long);
    expect(to18(long)).toBe(long);
    expect(to15(long)).toBe(short);
  });

  it('restores the case of an 18-character id that lost it', () => {
    expect(to18('001a0000006vm9rIAC')).toBe('001A0000006Vm9rIAC');
    expect(to18('001A0000006VM9RIAC')).toBe('001A0000006Vm9rIAC');
  });

  it.each(['', 'x', '00T5g0000000001', '00T5g00000000001', '00T5g000000 001', '001A0000006Vm9rZZZ', "00T'; --"])(
    'takes %p for an id only when it is one',
    (text) => {
      expect(to18(text) === undefined).toBe(text !== '00T5g0000000001');
    },
  );

  it('makes ids that sort in the order of their numbers', () => {
    const ids = [0, 1, 9, 10, 61, 62, 3843, 3844, 1_000_000].map((n) => makeId('00T', n));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(to18(id)).toBe(id);
  });
});
