import { describe, expect, it } from '@jest/globals';
import { isSalesforceId, prefixOf, to18 } from '../../../src/salesforce/client/ids.js';

describe('Salesforce ids', () => {
  it.each([
    ['00D000000000062', '00D000000000062EAA'],
    ['001A000001AbcDE', '001A000001AbcDEIAZ'],
    ['00txx000000AbCd', '00txx000000AbCdAAK'],
  ])('gives %s its checksum', (short, long) => {
    expect(to18(short)).toBe(long);
    expect(to18(long)).toBe(long);
  });

  it('restores the case of an id of 18 characters', () => {
    expect(to18('001a000001abcdeiaz')).toBe('001A000001AbcDEIAZ');
    expect(to18('001A000001ABCDEIAZ')).toBe('001A000001AbcDEIAZ');
  });

  it('refuses what is no id', () => {
    for (const text of ['', '00T', "00T00000000000'", '00T0000000000012', '00T000000000001 OR']) {
      expect(isSalesforceId(text)).toBe(false);
      expect(() => to18(text)).toThrow('no Salesforce id');
    }
  });

  it('knows the prefix', () => {
    expect(prefixOf('00T000000000001AAA')).toBe('00T');
  });
});
