import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskValues } from '../../../src/command-center/tasks/task-values.js';
import { merge, type MergeInput, winnerOf } from '../../../src/salesforce/task-sync/merge.js';
import type { SalesforceFields } from '../../../src/salesforce/task-sync/task-fields.js';
import { base, fields, mapping, OWNER, task } from './merge-fixtures.js';

const CLOSED = new Set(['Completed', 'Closed elsewhere']);

function run(here: Partial<TaskValues>, there: Partial<SalesforceFields>, more: Partial<MergeInput> = {}) {
  const remote = { ...fields, ...there };
  return merge({
    base,
    here: { ...task, ...here },
    there: { fields: remote, isClosed: CLOSED.has(remote.Status ?? ''), changedAt: new Date('2026-02-01T10:00:00Z') },
    mapping,
    hereChangedAt: () => new Date('2026-02-01T11:00:00Z'),
    at: '2026-02-01T12:00:00.000Z',
    ...more,
  });
}

describe('the merge of one task', () => {
  it('does nothing when nothing changed', () => {
    const merged = run({}, {});
    expect(merged.here).toEqual(task);
    expect(merged.push).toEqual({});
    expect(merged.base).toEqual(base);
  });

  it('writes there what changed here, and only that', () => {
    expect(run({ name: 'Call Ada Lovelace', dueDate: null }, {}).push).toEqual({
      Subject: 'Call Ada Lovelace',
      ActivityDate: null,
    });
  });

  it('takes here what changed there', () => {
    const merged = run({}, { Subject: 'Call her', Description: null, Status: 'Completed' });
    expect(merged.here).toMatchObject({ name: 'Call her', details: null, status: 'completed' });
    expect(merged.push).toEqual({});
  });

  it('keeps both when different fields changed', () => {
    const merged = run({ dueDate: '2026-04-01' }, { Subject: 'Call her' });
    expect(merged.here).toMatchObject({ name: 'Call her', dueDate: '2026-04-01' });
    expect(merged.push).toEqual({ ActivityDate: '2026-04-01' });
    expect(merged.conflicts).toEqual([]);
  });

  it('agrees when both made the same change', () => {
    const merged = run({ dueDate: '2026-04-01' }, { ActivityDate: '2026-04-01' });
    expect(merged.push).toEqual({});
    expect(merged.conflicts).toEqual([]);
  });

  it('agrees when both closed it, whatever the closed value there', () => {
    const merged = run({ status: 'completed', closedAt: '2026-02-01T11:00:00.000Z' }, { Status: 'Closed elsewhere' });
    expect(merged.push).toEqual({});
    expect(merged.conflicts).toEqual([]);
    expect(merged.base.there.Status).toBe('Closed elsewhere');
  });

  it('lets the later change win a conflict and keeps the loser', () => {
    const merged = run({ dueDate: '2026-04-01' }, { ActivityDate: '2026-05-01' });
    expect(merged.push).toEqual({ ActivityDate: '2026-04-01' });
    expect(merged.conflicts).toMatchObject([
      { field: 'ActivityDate', winner: 'here', base: '2026-03-01', here: '2026-04-01', there: '2026-05-01' },
    ]);
  });

  it('does not make a conflict of the same loser twice', () => {
    const first = run({ dueDate: '2026-04-01' }, { ActivityDate: '2026-05-01' });
    const second = run({ dueDate: '2026-04-01' }, { ActivityDate: '2026-05-01' }, { base: first.base });
    expect(second.conflicts).toEqual([]);
    expect(second.push).toEqual({ ActivityDate: '2026-04-01' });
  });

  it('gives a tie within one second to Salesforce', () => {
    const second = '2026-02-01T10:00:00';
    expect(winnerOf('latest', new Date(`${second}.900Z`), new Date(`${second}.000Z`))).toBe('there');
    expect(winnerOf('latest', new Date('2026-02-01T10:00:01Z'), new Date(`${second}.000Z`))).toBe('here');
  });

  it('follows the policies that name a winner', () => {
    const settings = { ...mapping.settings, conflictPolicy: 'salesforce' as const };
    const lost = run({ dueDate: '2026-04-01' }, { ActivityDate: '2026-05-01' }, { mapping: { ...mapping, settings } });
    expect(lost.here.dueDate).toBe('2026-05-01');
    expect(lost.push).toEqual({});
    expect(lost.conflicts).toMatchObject([{ winner: 'there', here: '2026-04-01' }]);
  });

  it('leaves an open value without counterpart there, and changes no status here', () => {
    const merged = run({}, { Status: 'In Progress' });
    expect(merged.here.status).toBe('open');
    expect(merged.push).toEqual({});
    expect(merged.base.there.Status).toBe('In Progress');
  });

  it('leaves an unknown priority there', () => {
    const merged = run({}, { Priority: 'Urgent' });
    expect(merged.here.priority).toBe('normal');
    expect(run({}, { Priority: 'Urgent' }, { base: merged.base }).push).toEqual({});
  });

  it('keeps a skipped task skipped when its closed form comes back', () => {
    const skipped = { status: 'skipped' as const, closedAt: '2026-02-01T11:00:00.000Z' };
    const pushed = run(skipped, {});
    expect(pushed.push).toEqual({ Status: 'Completed' });
    const echo = run(skipped, { Status: 'Completed' }, { base: pushed.baseAfterPush });
    expect(echo.here.status).toBe('skipped');
    expect(echo.push).toEqual({});
  });

  it('keeps a long name whole here and does not take its cut form back', () => {
    const name = 'x'.repeat(400);
    const pushed = run({ name }, {});
    expect(pushed.push.Subject).toHaveLength(255);
    const echo = run({ name }, { Subject: 'x'.repeat(255) }, { base: pushed.baseAfterPush });
    expect(echo.here.name).toBe(name);
    expect(echo.push).toEqual({});
  });

  it('takes no Subject over when the template is another one', () => {
    const settings = { ...mapping.settings, subjectTemplate: '{{activity_type}}: {{activity_subject}}' };
    const merged = run({}, { Subject: 'edited there' }, { mapping: { ...mapping, settings } });
    expect(merged.here.name).toBe('Call Ada');
    expect(merged.push).toEqual({});
  });

  it('marks a task as away when its new owner does not sync, and brings it back', () => {
    const away = run({}, { OwnerId: '005000000000009AAA' });
    expect(away.here).toMatchObject({ awaySince: '2026-02-01T12:00:00.000Z', assigneeId: 'ada' });
    const back = merge({
      base: away.base,
      here: away.here,
      there: { fields, isClosed: false, changedAt: null },
      mapping,
      hereChangedAt: () => null,
      at: '2026-02-02T12:00:00.000Z',
    });
    expect(back.here).toMatchObject({ awaySince: null, assigneeId: 'ada' });
  });

  it('is settled after one write: whatever both sides changed, the second merge moves nothing', () => {
    const text = fc.constantFrom(null, 'a', 'b', ' padded ', 'x\r\ny');
    const day = fc.constantFrom(null, '2026-03-01', '2026-04-01', '2026-05-01');
    const here = fc.record({
      name: fc.constantFrom('Call Ada', 'Other', 'y'.repeat(300)),
      status: fc.constantFrom('open' as const, 'completed' as const, 'skipped' as const),
      priority: fc.constantFrom('low' as const, 'normal' as const, 'high' as const),
      dueDate: day,
      details: text,
      assigneeId: fc.constantFrom('ada', 'bob'),
    });
    const there = fc.record({
      Subject: fc.constantFrom('Call Ada', 'There', null),
      Status: fc.constantFrom('Not Started', 'In Progress', 'Completed', 'Closed elsewhere'),
      Priority: fc.constantFrom('Normal', 'High', 'Urgent'),
      ActivityDate: day,
      Description: fc.constantFrom(null, 'a', 'c'),
      OwnerId: fc.constantFrom(OWNER, '005000000000009AAA'),
    });
    const policy = fc.constantFrom('latest' as const, 'salesforce' as const, 'command_center' as const);
    fc.assert(
      fc.property(here, there, policy, (changedHere, changedThere, conflictPolicy) => {
        const settings = { ...mapping.settings, conflictPolicy };
        const closedAt = changedHere.status === 'open' ? null : '2026-02-01T11:00:00.000Z';
        const first = run({ ...changedHere, closedAt }, changedThere, { mapping: { ...mapping, settings } });
        const after = { ...fields, ...changedThere, ...first.push };
        expect(after).toEqual(first.baseAfterPush.there);
        const second = merge({
          base: first.baseAfterPush,
          here: first.here,
          there: { fields: after, isClosed: CLOSED.has(after.Status ?? ''), changedAt: null },
          mapping: { ...mapping, settings },
          hereChangedAt: () => null,
          at: '2026-02-03T12:00:00.000Z',
        });
        expect(second.here).toEqual(first.here);
        expect(second.push).toEqual({});
        expect(second.conflicts).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('decides a write again until it is made, also over a value of ours that came back late', () => {
    const value = <Value>(...values: Value[]) => fc.constantFrom(...values);
    const here = fc.record({
      name: value('Call Ada', 'Other'),
      status: value('open' as const, 'completed' as const, 'skipped' as const),
      priority: value('low' as const, 'normal' as const, 'high' as const),
      dueDate: value(null, '2026-03-01', '2026-04-01'),
    });
    const there = fc.record({
      Subject: value('Call Ada', 'There'),
      Status: value('Not Started', 'In Progress', 'Completed'),
      Priority: value('Normal', 'High'),
      ActivityDate: value(null, '2026-03-01', '2026-05-01'),
    });
    const late = fc.subarray(['Subject', 'Status', 'Priority', 'ActivityDate'] as const);
    const changedAt = value(null, new Date('2026-02-01T10:00:00Z'));
    const policy = value('latest' as const, 'salesforce' as const, 'command_center' as const);
    fc.assert(
      fc.property(
        here,
        there,
        late,
        changedAt,
        policy,
        (changedHere, changedThere, lateHere, changed, conflictPolicy) => {
          const closedAt = changedHere.status === 'open' ? null : '2026-02-01T11:00:00.000Z';
          const remote = { ...fields, ...changedThere };
          const input = {
            there: { fields: remote, isClosed: CLOSED.has(remote.Status), changedAt: changed },
            mapping: { ...mapping, settings: { ...mapping.settings, conflictPolicy } },
          };
          const isLate = lateHere.filter((field) => remote[field] !== fields[field]);
          const first = run({ ...changedHere, closedAt }, {}, { ...input, late: new Set(isLate) });
          // Its base is stored and nothing was written yet: the next look finds the same there.
          const again = run(first.here, {}, { ...input, base: first.base });
          expect(again.push).toEqual(first.push);
          expect(again.conflicts).toEqual([]);
          expect(again.here).toEqual(first.here);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
