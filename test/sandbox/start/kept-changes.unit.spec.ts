import { describe, expect, it } from '@jest/globals';
import { lostChanges } from '../../../src/sandbox/start/once/kept-changes.js';
import type { HereTask, ThereTask } from '../../../src/sandbox/start/compare-types.js';

const mine = { id: 't1', name: 'New name', details: 'a\nb', reminderAt: null, isDeleted: false } as HereTask;
const theirs = {
  id: '00T1',
  subject: 'New',
  isReminderSet: false,
  reminderAt: new Date(0),
  isDeleted: true,
} as ThereTask;
const rows = { here: [mine], there: [theirs] };

describe('what was written', () => {
  it('is found where it was written, as far as Salesforce can tell texts apart', () => {
    const here = {
      side: 'here' as const,
      id: 't1',
      fields: { name: 'New name', details: ' a\r\nb ', reminder_at: null },
    };
    const there = {
      side: 'there' as const,
      id: '00T1',
      fields: { Subject: ' New ', deleted: true, ReminderDateTime: null },
    };
    expect(lostChanges([here, there], rows)).toEqual([]);
  });

  it('is told of when another value stands there', () => {
    const written = { side: 'here' as const, id: 't1', fields: { name: 'Other', details: 'a\nb' } };
    expect(lostChanges([written], rows)).toEqual([
      { side: 'here', id: 't1', field: 'name', written: '"Other"', found: '"New name"' },
    ]);
  });

  it('is told of when the task is gone', () => {
    const written = { side: 'there' as const, id: '00T9', fields: { Subject: 'New' } };
    expect(lostChanges([written], rows)).toMatchObject([{ id: '00T9', found: 'nothing' }]);
  });
});
