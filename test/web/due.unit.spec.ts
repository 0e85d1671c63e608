import { describe, expect, it } from '@jest/globals';
import { agoWords, dueWords, groupOf, nextMonday, todayIn } from '../../src/web/tasks/due';
import { readDate } from '../../src/web/tasks/read-date';
import { instantAt, shownAt } from '../../src/web/tasks/local-time';
import { snoozeTimes } from '../../src/web/tasks/snooze-times';

// A Wednesday.
const TODAY = '2026-11-25';

describe('due dates in words', () => {
  it('says what is late, and how late', () => {
    expect(dueWords('2026-11-24', TODAY)).toEqual({ text: 'Yesterday', tone: 'late' });
    expect(dueWords('2026-11-20', TODAY)).toEqual({ text: '5 days late', tone: 'late' });
    expect(dueWords('2026-10-01', TODAY)).toEqual({ text: '1 Oct', tone: 'late' });
    expect(dueWords('2025-12-31', TODAY)).toEqual({ text: '31 Dec 2025', tone: 'late' });
  });

  it('says the near days by name and the others by date', () => {
    const words = ['2026-11-25', '2026-11-26', '2026-11-28', '2026-12-02', null].map(
      (due) => dueWords(due, TODAY).text,
    );
    expect(words).toEqual(['Today', 'Tomorrow', 'Saturday', '2 Dec', 'No date']);
  });

  it('groups as a person reads a list', () => {
    const days = ['2026-11-01', '2026-11-25', '2026-11-26', '2026-12-01', '2026-12-02', null];
    const groups = ['Late', 'Today', 'Tomorrow', 'Next 7 days', 'Later', 'No date'];
    expect(days.map((day) => groupOf(day, TODAY))).toEqual(groups);
  });

  it('knows which day it is elsewhere', () => {
    const now = new Date('2026-11-25T23:30:00Z');
    expect(todayIn('Europe/Berlin', now)).toBe('2026-11-26');
    expect(todayIn('America/New_York', now)).toBe('2026-11-25');
  });

  it('takes the Monday after today, also on a Monday', () => {
    expect(nextMonday(TODAY)).toBe('2026-11-30');
    expect(nextMonday('2026-11-30')).toBe('2026-12-07');
  });

  it('says how long ago something was', () => {
    const now = new Date('2026-11-25T12:00:00Z');
    const ago = ['12:00:01', '11:59:48', '11:50:00', '09:00:00'].map((at) => agoWords(`2026-11-25T${at}Z`, now));
    expect(ago).toEqual(['just now', '12 s ago', '10 min ago', '3 h ago']);
  });
});

describe('a typed day', () => {
  it.each([
    ['tod', '2026-11-25'],
    ['tomorrow', '2026-11-26'],
    ['fri', '2026-11-27'],
    ['wed', '2026-12-02'],
    ['next monday', '2026-11-30'],
    ['next week', '2026-11-30'],
    ['3d', '2026-11-28'],
    ['in 2 weeks', '2026-12-09'],
    ['+10 days', '2026-12-05'],
    ['12 dec', '2026-12-12'],
    ['december 12', '2026-12-12'],
    ['3 Jan', '2027-01-03'],
    ['2026-12-24', '2026-12-24'],
  ])('reads %s', (typed, date) => expect(readDate(typed, TODAY)).toBe(date));

  it.each(['', 'x', 'may', '31 feb', '2026-02-30', 'soon', '12'])('does not guess at “%s”', (typed) => {
    expect(readDate(typed, TODAY)).toBeUndefined();
  });
});

describe('snoozing', () => {
  it('means nine in the morning where one is, across a change of the clocks', () => {
    expect(instantAt('2026-11-26T09:00', 'America/New_York').toISOString()).toBe('2026-11-26T14:00:00.000Z');
    expect(instantAt('2026-03-29T09:00', 'Europe/Berlin').toISOString()).toBe('2026-03-29T07:00:00.000Z');
    expect(instantAt('2026-10-25T09:00', 'Europe/Berlin').toISOString()).toBe('2026-10-25T08:00:00.000Z');
    // 02:30 comes twice that night.
    expect(instantAt('2026-10-25T02:30', 'Europe/Berlin').toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(instantAt('2026-03-29T02:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z');
    // An hour that a change of the clocks leaves out is the one after it.
    expect(shownAt(instantAt('2026-03-29T02:30', 'Europe/Berlin').toISOString(), 'Europe/Berlin')).toMatch(
      /T0[13]:30$/,
    );
    for (const shown of ['2026-07-01T23:59', '2026-12-31T00:01', '2026-02-28T12:30']) {
      for (const zone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati']) {
        expect(shownAt(instantAt(shown, zone).toISOString(), zone)).toBe(shown);
      }
    }
    expect(shownAt('', 'UTC')).toBe('');
  });

  it('offers times that are ahead', () => {
    const now = new Date('2026-11-25T23:30:00Z');
    const times = snoozeTimes(now, 'Asia/Tokyo');
    expect(times.every(({ until }) => new Date(until) > now)).toBe(true);
    expect(times.find(({ label }) => label === 'Tomorrow morning')?.until).toBe('2026-11-27T00:00:00.000Z');
  });
});
