import { describe, expect, it } from '@jest/globals';
import { queryPath } from '../../../src/salesforce/client/queries.js';
import {
  chunkIn,
  dateLiteral,
  dateTimeLiteral,
  idLiteral,
  inList,
  likePart,
  nameLiteral,
  quote,
} from '../../../src/salesforce/client/soql.js';

describe('SOQL literals', () => {
  it.each([
    ["O'Brien", "'O\\'Brien'"],
    ["\\' OR Id != null OR Subject = \\'", "'\\\\\\' OR Id != null OR Subject = \\\\\\''"],
    ['a\nb', "'a\\nb'"],
    ['', "''"],
  ])('quotes %j', (text, literal) => {
    expect(quote(text)).toBe(literal);
  });

  it('leaves no way out of a string, whatever is in it', () => {
    for (const text of ["'", '\\', "\\'", "\\\\'", "'\\", "a\\\\\\'b"]) {
      const inner = quote(text).slice(1, -1);
      // Every quote inside is preceded by an odd number of backslashes, and none is left open at the end.
      expect(inner.replace(/\\[\s\S]/g, '')).not.toMatch(/['\\]/);
    }
  });

  it('escapes the wildcards of LIKE', () => {
    expect(likePart("50%_o'x")).toBe("50\\%\\_o\\'x");
  });

  it('writes times in whole seconds, rounded down, and days as they are', () => {
    expect(dateTimeLiteral(new Date('2026-03-01T12:30:00.999Z'))).toBe('2026-03-01T12:30:00Z');
    expect(dateLiteral('2026-03-01')).toBe('2026-03-01');
    expect(() => dateLiteral('TODAY OR 1=1')).toThrow();
    expect(() => dateTimeLiteral(new Date('x'))).toThrow();
  });

  it('lets only ids and names through where nothing can be quoted', () => {
    expect(idLiteral('00T000000000001EAA')).toBe("'00T000000000001EAA'");
    expect(() => idLiteral("00T' OR ''='")).toThrow();
    expect(nameLiteral('Who.Name')).toBe('Who.Name');
    expect(() => nameLiteral('Id FROM User')).toThrow();
  });
});

describe('lists', () => {
  const around = 'SELECT Id, Subject FROM Task WHERE Id IN ()';

  it('are cut so that each query fits into a URI with its headers', () => {
    const ids = Array.from({ length: 2_000 }, (_, n) => idLiteral(`00T${String(n).padStart(12, '0')}AAA`));
    const chunks = chunkIn(ids, around);
    expect(chunks.flat()).toEqual(ids);
    for (const chunk of chunks) {
      expect(queryPath(around.replace('()', inList(chunk)), true).length).toBeLessThanOrEqual(16_384 - 4_096 + 20);
    }
    expect(chunks.length).toBeLessThan(6);
  });

  it('measure what is encoded, not what is written', () => {
    const words = Array.from({ length: 300 }, (_, n) => quote(`Grüße, 世界 ${n}`));
    for (const chunk of chunkIn(words, around)) {
      expect(() => queryPath(around.replace('()', inList(chunk)), false)).not.toThrow();
    }
  });

  it('a query that does not fit is refused before it is sent', () => {
    expect(() => queryPath(`SELECT Id FROM Task WHERE Subject = ${quote('x'.repeat(13_000))}`, false)).toThrow(
      'chunkIn',
    );
  });
});
