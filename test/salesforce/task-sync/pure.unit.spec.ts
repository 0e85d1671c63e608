import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LocalDate } from '../../../src/platform/clock/local-date.js';
import { keyFieldState } from '../../../src/salesforce/task-sync/org-schema.js';
import {
  canonicalText,
  keyOf,
  taskIdOfKey,
  whyNotATask,
  type TaskRecord,
} from '../../../src/salesforce/task-sync/remote-task.js';
import { scopeCondition, whereOf } from '../../../src/salesforce/task-sync/scope.js';
import { renderSubject, unknownFields } from '../../../src/salesforce/task-sync/subject-template.js';
import type { PreparedWrite } from '../../../src/salesforce/task-sync/task-merger.js';
import { chooseSlice, nextBatchSize, planCalls, recordOf } from '../../../src/salesforce/task-sync/write-plan.js';

describe('the Subject', () => {
  const values = { activity_type: 'Call', activity_subject: 'Ada', call_outcome: null };

  it('is rendered from the template; a field without a value is nothing', () => {
    expect(renderSubject('{{activity_type}}: {{ activity_subject }}{{call_outcome}}', values)).toBe('Call: Ada');
  });

  it('is one line, at most 255 characters, never cut through a character', () => {
    const long = { ...values, activity_subject: `one\r\n two ${'😀'.repeat(200)}` };
    const subject = renderSubject('{{activity_subject}}', long) ?? '';
    expect(subject.startsWith('one two 😀')).toBe(true);
    expect(subject.length).toBeLessThanOrEqual(255);
    expect(subject).not.toMatch(/[\ud800-\udbff]$/);
  });

  it('does not put values of values in: a field in a name stays text', () => {
    expect(renderSubject('{{activity_subject}}', { ...values, activity_subject: '{{activity_type}}' })).toBe(
      '{{activity_type}}',
    );
  });

  it('names fields that do not exist', () => {
    expect(unknownFields('{{activity_type}} {{nonsense}}')).toEqual(['nonsense']);
  });
});

describe('a Task as it is read', () => {
  it.each([
    ['  x ', 'x'],
    ['', null],
    ['   ', null],
    ['a\r\nb\rc', 'a\nb\nc'],
    [null, null],
  ])('text %j is %j', (text, canonical) => expect(canonicalText(text)).toBe(canonical));

  it('carries our key, and nobody else’s', () => {
    const id = '0198c0de-0000-7000-8000-000000000001';
    expect(taskIdOfKey(keyOf(id, 3))).toBe(id);
    for (const foreign of [null, '', 'abc.1', `${id}`, `${id}.x`]) expect(taskIdOfKey(foreign)).toBeUndefined();
  });

  it('that was closed when it was made is a logged activity, one that was worked on is a task', () => {
    const closed = {
      OwnerId: '005000000000001AAA',
      IsClosed: true,
      CreatedDate: '2026-03-01T10:00:00.000+0000',
      CompletedDateTime: '2026-03-01T10:00:02.000+0000',
    } as TaskRecord;
    expect(whyNotATask(closed)).toBe('logged_activity');
    expect(whyNotATask({ ...closed, CompletedDateTime: '2026-03-01T11:00:00.000+0000' })).toBeUndefined();
    expect(whyNotATask({ ...closed, IsClosed: false, OwnerId: '00G000000000001AAA' })).toBe('queue');
  });
});

describe('the key field', () => {
  const field = { name: 'Command_Center_Key__c', unique: true, externalId: true, createable: true };
  it.each([
    [[field], 'ready'],
    [[], 'missing'],
    [[{ ...field, unique: false }], 'not_unique'],
    [[{ ...field, externalId: false }], 'not_unique'],
    [[{ ...field, createable: false }], 'not_writable'],
  ])('of %j is %s', (fields, state) => expect(keyFieldState(fields)).toBe(state));
});

describe('the scope of a first-time sync', () => {
  const at = new Date('2026-03-04T10:00:00Z');
  const rep = (n: number, today: string) => ({
    userId: `u${n}`,
    salesforceUserId: `00500000000000${n}AAA`,
    scope: 'due' as const,
    today: today as LocalDate,
  });

  it('asks once for reps with one scope and day, apart for others', () => {
    const where = whereOf([rep(1, '2026-03-04'), rep(2, '2026-03-04'), rep(3, '2026-03-05')], at);
    expect(where.match(/OwnerId IN/g)).toHaveLength(2);
    expect(where).toContain('ActivityDate > 2026-03-03');
    expect(where).toContain('ActivityDate > 2026-03-04');
  });

  it('takes everything in when it is all', () => expect(scopeCondition('all', '2026-03-04' as LocalDate, at)).toBe(''));
});

describe('the calls that a push makes', () => {
  const write = fc.constantFrom('create' as const, 'update' as const, 'delete' as const);
  const prepared = (op: 'create' | 'update' | 'delete', index: number) =>
    ({ taskId: String(index), write: { op }, success: { base: null } }) as unknown as PreparedWrite;

  it('hold every write once, at most the batch size, and at most five collections of 200', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 2500 }), fc.integer({ min: 25, max: 1000 }), (ops, size) => {
        const calls = planCalls(ops.map(prepared), size);
        expect(
          calls
            .flat()
            .map((one) => Number(one.taskId))
            .sort((a, b) => a - b),
        ).toEqual(ops.map((_, index) => index));
        for (const call of calls) {
          const count = (op: string) => call.filter((one) => one.write.op === op).length;
          expect(call.length).toBeLessThanOrEqual(size);
          const collections = ['create', 'update', 'delete'].map((op) => Math.ceil(count(op) / 200));
          expect(collections.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are as few as can be for one kind', () => {
    expect(
      planCalls(
        Array.from({ length: 2000 }, (_, index) => prepared('update', index)),
        1000,
      ),
    ).toHaveLength(2);
  });

  it('are filled from the backlog: 10,000 mixed changes take hardly more calls than 10,000 of one kind', () => {
    const ops = ['update', 'create', 'update', 'delete', 'update', 'update', 'create'] as const;
    let backlog = Array.from({ length: 10_000 }, (_, index) => ({
      taskId: String(index),
      op: ops[index % 7] ?? 'update',
    }));
    let reads = 0;
    let writes = 0;
    while (backlog.length > 0) {
      const chosen = new Set(chooseSlice(backlog.slice(0, 4_000)));
      const slice = backlog.filter(({ taskId }) => chosen.has(taskId));
      expect(slice.length).toBeLessThanOrEqual(2_000);
      expect(chosen.has(backlog[0]?.taskId ?? '')).toBe(true);
      backlog = backlog.filter(({ taskId }) => !chosen.has(taskId));
      reads += 1;
      writes += planCalls(
        slice.map(({ op }, index) => prepared(op, index)),
        1000,
      ).length;
    }
    // Ten and five, and what is left over of three kinds: one each.
    expect(reads).toBeLessThanOrEqual(6);
    expect(writes).toBeLessThanOrEqual(11);
  });

  it('set and clear the reminder’s mark with its time', () => {
    expect(recordOf({ ReminderDateTime: null })).toEqual({ ReminderDateTime: null, IsReminderSet: false });
    expect(recordOf({ Subject: 'x' })).toEqual({ Subject: 'x' });
  });

  it('grow while the org is quick and shrink when it is not', () => {
    expect(nextBatchSize(200, { tookMs: 100, congested: 'free' })).toBe(400);
    expect(nextBatchSize(1000, { tookMs: 100, congested: 'free' })).toBe(1000);
    expect(nextBatchSize(400, { tookMs: 9000, congested: 'free' })).toBe(400);
    expect(nextBatchSize(1000, { tookMs: 100, congested: 'congested' })).toBe(500);
    expect(nextBatchSize(25, { tookMs: 100, congested: 'congested' })).toBe(25);
  });
});
