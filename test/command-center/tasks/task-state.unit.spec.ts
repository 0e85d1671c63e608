import { describe, expect, test } from '@jest/globals';
import { applyEdit } from '../../../src/command-center/tasks/task-edit.js';
import {
  applyVerb,
  requireAllowed,
  stateOf,
  type TaskState,
  type TaskVerb,
} from '../../../src/command-center/tasks/task-state.js';
import { BLANK_TASK, type TaskValues } from '../../../src/command-center/tasks/task-values.js';

const THEN = '2026-03-01T08:00:00.000Z';
const NOW = '2026-03-04T10:00:00.000Z';

function task(changes: Partial<TaskValues> = {}): TaskValues {
  return {
    ...BLANK_TASK,
    name: 'Call Grace',
    assigneeId: 'rep',
    ...changes,
  };
}

const IN: Record<TaskState, TaskValues> = {
  open: task(),
  completed: task({ status: 'completed', closedAt: THEN }),
  skipped: task({ status: 'skipped', closedAt: THEN }),
  deleted: task({ status: 'completed', closedAt: THEN, deletedAt: THEN }),
};

describe('what a verb does in each state', () => {
  test.each<[TaskVerb, TaskState, TaskState | 'same' | 'refused']>([
    ['complete', 'open', 'completed'],
    ['complete', 'completed', 'same'],
    ['complete', 'skipped', 'completed'],
    ['complete', 'deleted', 'refused'],
    ['skip', 'open', 'skipped'],
    ['skip', 'completed', 'refused'],
    ['skip', 'skipped', 'same'],
    ['skip', 'deleted', 'refused'],
    ['reopen', 'open', 'same'],
    ['reopen', 'completed', 'open'],
    ['reopen', 'skipped', 'open'],
    ['reopen', 'deleted', 'refused'],
    ['delete', 'open', 'deleted'],
    ['delete', 'completed', 'deleted'],
    ['delete', 'skipped', 'deleted'],
    ['delete', 'deleted', 'same'],
    ['restore', 'open', 'same'],
    ['restore', 'completed', 'same'],
    ['restore', 'skipped', 'same'],
    ['restore', 'deleted', 'completed'],
  ])('%s when %s → %s', (verb, state, expected) => {
    const before = IN[state];
    if (expected === 'refused') {
      expect(() => applyVerb(before, verb, NOW)).toThrow(expect.objectContaining({ code: 'conflict' }));
      return;
    }
    const after = applyVerb(before, verb, NOW);
    if (expected === 'same') expect(after).toBe(before);
    else expect(stateOf(after)).toBe(expected);
    // What the table of tasks demands of each row.
    expect(after.closedAt === null).toBe(after.status === 'open');
  });

  test('a restored task is as it was', () => {
    const before = task({ status: 'skipped', closedAt: THEN, dueDate: '2026-03-09' });
    expect(applyVerb(applyVerb(before, 'delete', NOW), 'restore', NOW)).toEqual(before);
  });

  test('a task that is closed is snoozed no more', () => {
    expect(applyVerb(task({ snoozedUntil: NOW }), 'complete', NOW).snoozedUntil).toBeNull();
  });

  test.each<TaskVerb>(['complete', 'skip', 'reopen', 'delete', 'restore'])(
    '%s of a task that is away is refused',
    (verb) => {
      expect(() => applyVerb(task({ awaySince: THEN }), verb, NOW)).toThrow(
        expect.objectContaining({ code: 'task_away' }),
      );
    },
  );

  test('only open tasks are snoozed, only deleted ones not edited', () => {
    requireAllowed(IN.open, 'snooze');
    expect(() => requireAllowed(IN.completed, 'snooze')).toThrow('reopen it first');
    for (const state of ['open', 'completed', 'skipped'] as const) requireAllowed(IN[state], 'edit');
    expect(() => requireAllowed(IN.deleted, 'edit')).toThrow('restore it first');
  });
});

describe('an edit', () => {
  test('what is undefined stays, null clears', () => {
    const before = task({ details: 'notes', dueDate: '2026-03-04' });
    expect(applyEdit(before, { details: null, dueDate: undefined })).toEqual(task({ dueDate: '2026-03-04' }));
  });

  test('outcome and reason are for calls only', () => {
    expect(() => applyEdit(task(), { callOutcome: 'Reached', callReason: 'Renewal' })).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        fields: [
          { field: 'call_outcome', message: 'is for calls only' },
          { field: 'call_reason', message: 'is for calls only' },
        ],
      }),
    );
    expect(applyEdit(task(), { type: 'call', callOutcome: 'Reached' })).toMatchObject({ callOutcome: 'Reached' });
  });

  test('a call that becomes something else loses its outcome', () => {
    const call = task({ type: 'call', callOutcome: 'Reached', callReason: 'Renewal' });
    expect(applyEdit(call, { type: 'email' })).toMatchObject({ callOutcome: null, callReason: null });
  });

  test('a name of a related record goes with the record', () => {
    const before = task({ whatId: '0015g00000abcdeAAA', whatName: 'Acme' });
    expect(applyEdit(before, { whatId: '0015g00000zzzzzAAA' })).toMatchObject({ whatName: null });
    expect(applyEdit(before, { whatId: null })).toMatchObject({ whatId: null, whatName: null });
    expect(applyEdit(before, { whatId: before.whatId })).toMatchObject({ whatName: 'Acme' });
  });
});
