import { describe, expect, it } from '@jest/globals';
import { type Act, afterAct, doneWords, refusedWords, undoOf } from '../../src/web/tasks/acts';
import { bodyOf, draftOf } from '../../src/web/tasks/draft';
import { changedFields, rebased } from '../../src/web/ui/rebase';
import { changeWords } from '../../src/web/tasks/history-words';
import { task } from './task';

const NOW = new Date('2026-11-25T12:00:00Z');

describe('what undoes an act', () => {
  const before = [
    task('a', { due_date: '2026-11-20', priority: 'low' }),
    task('b', { due_date: null, priority: 'high', assignee: { id: 'bob', name: 'Bob' } }),
    task('c', { due_date: '2026-11-20', snoozed_until: '2026-12-01T08:00:00Z' }),
  ];
  const acts: Act[] = [
    { action: 'complete' },
    { action: 'skip' },
    { action: 'delete' },
    { action: 'reschedule', due_date: '2026-12-24' },
    { action: 'snooze', until: '2026-12-24T08:00:00Z' },
    { action: 'reassign', assignee_id: 'eve', assignee_name: 'Eve' },
    { action: 'set_priority', priority: 'normal' },
  ];

  it.each(acts)('brings every task back: $action', (act) => {
    const after = new Map(before.map((one) => [one.id, afterAct(act, one, NOW)]));
    for (const undo of undoOf(act, before)) {
      for (const id of undo.ids) after.set(id, afterAct(undo.act, after.get(id) ?? task(id), NOW));
    }
    expect([...after.values()]).toEqual(before);
  });

  it('skips again what had been skipped', () => {
    const undo = undoOf({ action: 'reopen' }, [task('a', { status: 'skipped' }), task('b', { status: 'completed' })]);
    expect(undo.map(({ act, ids }) => [act.action, ids])).toEqual([
      ['skip', ['a']],
      ['complete', ['b']],
    ]);
  });
});

describe('what is said', () => {
  it('names one task, counts several', () => {
    expect(doneWords({ action: 'complete' }, ['Call Grace'])).toBe('“Call Grace” completed.');
    expect(doneWords({ action: 'reschedule', due_date: null }, ['a', 'b'])).toBe('2 tasks rescheduled.');
    expect(doneWords({ action: 'snooze', until: null }, ['a'])).toBe('“a” woken.');
  });

  it('says how many were refused, and why', () => {
    const away = { name: 'A', detail: 'It belongs to somebody else.' };
    expect(refusedWords(0, [away])).toBe('“A” was left as it was: It belongs to somebody else.');
    const same = refusedWords(18, [away, { ...away, name: 'B' }]);
    expect(same).toBe('18 done, 2 refused and left as they were: It belongs to somebody else.');
    expect(refusedWords(1, [away, { name: 'B', detail: 'No.' }])).toContain('“B”: No.');
  });

  it('tells the history as a person would', () => {
    const say = (field: string, old: string | null, now: string | null) =>
      changeWords({ field, old, new: now }, [{ id: 'bob', name: 'Bob' }]);
    expect(say('created', null, null)).toBe('added it');
    expect(say('status', 'open', 'completed')).toBe('completed it');
    expect(say('due_date', null, '2026-11-25')).toBe('changed the due date from nothing to Wed 25 Nov');
    expect(say('assignee_id', 'gone', 'bob')).toBe('changed the assignee from gone to Bob');
    expect(say('snoozed_until', 'x', null)).toBe('woke it');
    expect(say('deleted', null, null)).toBe('deleted it');
  });
});

describe('an edit while others edit', () => {
  const base = draftOf(task('a', { name: 'Call', details: 'Old' }));

  it('keeps one’s own words and takes in what others changed', () => {
    const result = rebased(base, { ...base, name: 'Call Grace' }, { ...base, due_date: '2026-12-01' });
    expect(result.clashes).toEqual([]);
    expect(result.draft).toEqual({ ...base, name: 'Call Grace', due_date: '2026-12-01' });
  });

  it('finds the fields that both changed, unless to the same', () => {
    const mine = { ...base, name: 'Mine', details: 'Same' };
    expect(rebased(base, mine, { ...base, name: 'Theirs', details: 'Same' }).clashes).toEqual(['name']);
  });

  it('sends only what changed, an emptied field as null', () => {
    const draft = { ...base, details: '', priority: 'high' as const };
    expect(changedFields(base, draft)).toEqual(['details', 'priority']);
    expect(bodyOf(base, draft)).toEqual({ details: null, priority: 'high' });
  });
});
