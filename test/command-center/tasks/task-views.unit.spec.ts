import { expect, test } from '@jest/globals';
import { dateInZone, type LocalDate } from '../../../src/platform/clock/local-date.js';
import { type Days, daysOf, TASK_VIEWS } from '../../../src/command-center/tasks/task-views.js';

const RANGE: Days = { from: '2026-05-01' as LocalDate, to: null };

test('the days of each view', () => {
  const today = '2026-02-27' as LocalDate;
  expect(Object.fromEntries(TASK_VIEWS.map((view) => [view, daysOf(view, today, RANGE)]))).toEqual({
    today: { from: '2026-02-27', to: '2026-02-28' },
    overdue: { from: null, to: '2026-02-26' },
    next_7_days: { from: '2026-02-27', to: '2026-03-05' },
    upcoming: { from: '2026-03-01', to: null },
    no_date: 'no_date',
    completed: 'not_by_date',
    all: 'not_by_date',
    range: RANGE,
  });
});

test.each([
  ['the far east is a day ahead of the far west, and more', '2026-03-04T10:30:00Z', '2026-03-05', '2026-03-03'],
  ['an hour before midnight UTC', '2026-12-31T23:00:00Z', '2027-01-01', '2026-12-31'],
])('%s', (_, instant, east, west) => {
  expect(dateInZone(new Date(instant), 'Pacific/Kiritimati')).toBe(east);
  expect(dateInZone(new Date(instant), 'Pacific/Pago_Pago')).toBe(west);
});

test.each([
  // Clocks go forward at 01:00 UTC on 2026-03-29, back at 01:00 UTC on 2026-10-25.
  ['2026-03-28T22:59:59Z', '2026-03-28'],
  ['2026-03-28T23:00:00Z', '2026-03-29'],
  ['2026-03-29T21:59:59Z', '2026-03-29'],
  ['2026-03-29T22:00:00Z', '2026-03-30'],
  ['2026-10-24T22:00:00Z', '2026-10-25'],
  ['2026-10-25T22:59:59Z', '2026-10-25'],
  ['2026-10-25T23:00:00Z', '2026-10-26'],
])('on days of 23 and 25 hours, midnight in Berlin is midnight: %s is %s', (instant, day) => {
  const today = dateInZone(new Date(instant), 'Europe/Berlin');
  expect(today).toBe(day);
  expect(daysOf('today', today, RANGE)).toMatchObject({ from: day });
});
