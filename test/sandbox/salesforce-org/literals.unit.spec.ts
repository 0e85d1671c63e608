import { describe, expect, it } from '@jest/globals';
import { dateLiteral, likePattern, momentsOf, unquote } from '../../../src/sandbox/salesforce-org/soql/literals.js';
import { parseDate, parseStamp, startOfDay } from '../../../src/sandbox/salesforce-org/time.js';

// A Wednesday.
const context = { now: new Date('2026-03-18T12:00:00Z'), timeZone: 'UTC' };

describe('date literals', () => {
  it.each([
    ['TODAY', '2026-03-18', '2026-03-19'],
    ['YESTERDAY', '2026-03-17', '2026-03-18'],
    ['TOMORROW', '2026-03-19', '2026-03-20'],
    ['LAST_N_DAYS:7', '2026-03-11', '2026-03-19'],
    ['NEXT_N_DAYS:7', '2026-03-19', '2026-03-26'],
    ['N_DAYS_AGO:2', '2026-03-16', '2026-03-17'],
    ['LAST_90_DAYS', '2025-12-18', '2026-03-19'],
    ['THIS_WEEK', '2026-03-15', '2026-03-22'],
    ['LAST_WEEK', '2026-03-08', '2026-03-15'],
    ['NEXT_N_WEEKS:2', '2026-03-22', '2026-04-05'],
    ['THIS_MONTH', '2026-03-01', '2026-04-01'],
    ['LAST_MONTH', '2026-02-01', '2026-03-01'],
    ['LAST_N_MONTHS:3', '2025-12-01', '2026-03-01'],
    ['THIS_QUARTER', '2026-01-01', '2026-04-01'],
    ['NEXT_QUARTER', '2026-04-01', '2026-07-01'],
    ['THIS_YEAR', '2026-01-01', '2027-01-01'],
    ['LAST_FISCAL_YEAR', '2025-01-01', '2026-01-01'],
    ['this_week', '2026-03-15', '2026-03-22'],
  ])('%s is %s up to %s', (text, from, until) => {
    expect(dateLiteral(text, context)).toEqual({ from, until });
  });

  it('is the day of the user, not of the machine', () => {
    const late = new Date('2026-03-18T23:30:00Z');
    expect(dateLiteral('TODAY', { now: late, timeZone: 'Pacific/Kiritimati' })?.from).toBe('2026-03-19');
    expect(dateLiteral('TODAY', { now: late, timeZone: 'Pacific/Pago_Pago' })?.from).toBe('2026-03-18');
  });

  it('knows no other words', () => {
    for (const text of ['SOMEDAY', 'LAST_N_DAYS:x', 'NEXT', 'LAST_N_FORTNIGHTS:2']) {
      expect(dateLiteral(text, context)).toBeUndefined();
    }
  });

  it('begins a day at local midnight, also where the clocks change', () => {
    expect(startOfDay('America/New_York', '2026-03-08').toISOString()).toBe('2026-03-08T05:00:00.000Z');
    expect(startOfDay('America/New_York', '2026-03-09').toISOString()).toBe('2026-03-09T04:00:00.000Z');
    expect(momentsOf({ from: '2026-10-25', until: '2026-10-26' }, 'Europe/Berlin')).toEqual({
      from: new Date('2026-10-24T22:00:00Z'),
      until: new Date('2026-10-25T23:00:00Z'),
    });
  });
});

describe('string literals', () => {
  it.each([
    [String.raw`'O\'Brien'`, "O'Brien"],
    [String.raw`'a\\b'`, 'a\\b'],
    [String.raw`'line\nnext\ttab'`, 'line\nnext\ttab'],
    [String.raw`'\u00e9'`, 'é'],
    ["''", ''],
  ])('%s means %j', (text, value) => {
    expect(unquote(text)).toBe(value);
  });

  it.each([
    [String.raw`'50\%'`, String.raw`50\%`],
    [String.raw`'a\_b%'`, String.raw`a\_b%`],
    [String.raw`'O\'B%'`, "O'B%"],
    [String.raw`'back\\slash'`, String.raw`back\\slash`],
  ])('LIKE %s is the pattern %s', (text, pattern) => {
    expect(likePattern(text)).toBe(pattern);
  });
});

describe('values of dates', () => {
  it.each(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', ''])('refuses %p', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  it.each([
    ['2026-01-02T03:04:05.000+0000', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
    ['2026-01-02T03:04:05-0830', '2026-01-02T11:34:05.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseStamp(text)?.toISOString()).toBe(iso);
  });

  it('refuses a datetime without a zone', () => {
    expect(parseStamp('2026-01-02T03:04:05')).toBeUndefined();
  });
});
