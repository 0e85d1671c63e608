import { describe, expect, test } from '@jest/globals';
import { instantOf } from '../../../src/command-center/emails/schedule.js';
import { sendTimeOf } from '../../../src/command-center/emails/schedule-input.js';

const at = (date: string, time: string, timeZone: string) => instantOf({ date, time, timeZone }).toISOString();
const NOW = new Date('2026-03-04T10:00:00Z');
const zones = { own: 'America/New_York', recipient: 'Asia/Tokyo' };

describe('failure case 9: daylight saving', () => {
  test('a time that does not exist is that much later', () => {
    expect(at('2026-03-29', '02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(at('2026-03-08', '02:30', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
  });

  test('a time that comes twice is the first', () => {
    expect(at('2026-10-25', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('2026-11-01', '01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
  });

  test('the hours around a change keep their distance from noon', () => {
    expect(at('2026-03-29', '12:00', 'Europe/Berlin')).toBe('2026-03-29T10:00:00.000Z');
    expect(at('2026-03-28', '12:00', 'Europe/Berlin')).toBe('2026-03-28T11:00:00.000Z');
    // Half an hour: Lord Howe Island.
    expect(at('2026-10-04', '02:15', 'Australia/Lord_Howe')).toBe('2026-10-03T15:45:00.000Z');
  });

  test('a day that was left out is the day after', () => {
    expect(at('2011-12-30', '09:00', 'Pacific/Apia')).toBe('2011-12-30T19:00:00.000Z');
  });
});

describe('when an email leaves', () => {
  const time = (schedule: object) => sendTimeOf(schedule, NOW, zones);

  test('now, at an instant, or by a clock: one’s own, a named one, the recipient’s', () => {
    expect(time({})).toEqual({ at: NOW, timeZone: 'America/New_York' });
    expect(time({ at: '2026-03-05T09:00:00Z' })).toMatchObject({ at: new Date('2026-03-05T09:00:00Z') });
    const nine = { date: '2026-03-05', time: '09:00' };
    expect(time(nine).at.toISOString()).toBe('2026-03-05T14:00:00.000Z');
    expect(time({ ...nine, time_zone: 'Europe/Berlin' }).at.toISOString()).toBe('2026-03-05T08:00:00.000Z');
    expect(time({ ...nine, recipient_time_zone: true }).at.toISOString()).toBe('2026-03-05T00:00:00.000Z');
  });

  test('where the recipient’s zone is not known, the named one holds', () => {
    const schedule = { date: '2026-03-05', time: '09:00', time_zone: 'Europe/Berlin', recipient_time_zone: true };
    const found = sendTimeOf(schedule, NOW, { own: 'UTC', recipient: null });
    expect(found).toEqual({ at: new Date('2026-03-05T08:00:00Z'), timeZone: 'Europe/Berlin' });
  });

  test('what is over where the recipient is leaves at once', () => {
    expect(time({ date: '2026-03-04', time: '11:00', recipient_time_zone: true }).at).toEqual(NOW);
  });

  test.each([
    [{ at: '2026-03-04T09:58:00Z' }, 'schedule.at'],
    [{ date: '2026-03-03', time: '09:00' }, 'schedule.date'],
    [{ date: '2026-03-05' }, 'schedule.time'],
    [{ time: '09:00' }, 'schedule.date'],
    [{ at: '2026-03-05T09:00:00Z', date: '2026-03-05' }, 'schedule.at'],
    [{ at: '2029-03-05T09:00:00Z' }, 'schedule.at'],
  ])('%j is refused at %s', (schedule, field) => {
    expect(() => time(schedule)).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ field })] }));
  });
});
